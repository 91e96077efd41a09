// A carrier made of the npm package `smpp`: takes binds and texts, sends receipts, and texts from
// phones (read from a file). What it understood is written down when it is told to stop.
//
//     node npm_smsc.js FOLDER_OF_node_modules PHONES.json REPORT.json
//
// Prints "listening PORT" first.
'use strict';

const fs = require('fs');
const path = require('path');
const smpp = require(path.join(process.argv[2], 'node_modules', 'smpp'));

const fromPhones = JSON.parse(fs.readFileSync(process.argv[3], 'utf8'));
const report = {
    binds: 0, errors: [], parts: [],
    receipts: {sent: 0, stored: 0}, phones: {sent: 0, stored: 0},
};
let phonesCalled = false;

// The receipt of SMPP 3.4, appendix B, and the same in TLVs.
function receiptFor(pdu, id) {
    const now = new Date().toISOString().replace(/[-:T]/g, '').slice(2, 12);
    return {
        source_addr_ton: pdu.dest_addr_ton, source_addr_npi: pdu.dest_addr_npi,
        source_addr: pdu.destination_addr, destination_addr: pdu.source_addr,
        esm_class: smpp.ESM_CLASS.MC_DELIVERY_RECEIPT,
        receipted_message_id: id, message_state: smpp.MESSAGE_STATE.DELIVERED,
        short_message: `id:${id} sub:001 dlvrd:001 submit date:${now} done date:${now} ` +
            'stat:DELIVRD err:000 text:',
    };
}

function deliver(session, pdu, count) {
    count.sent += 1;
    session.deliver_sm(pdu, (answer) => {
        count.stored += answer.command_status === 0 ? 1 : 0;
    });
}

function callPhones(session) {
    for (const text of fromPhones) {
        const pieces = text.pieces || [text.text];
        pieces.forEach((piece, i) => {
            const message = pieces.length > 1
                ? {udh: Buffer.from([5, 0, 3, text.reference, pieces.length, i + 1]), message: piece}
                : piece;
            deliver(session, {
                source_addr: text.from, destination_addr: text.to,
                esm_class: pieces.length > 1 ? smpp.ESM_CLASS.UDH_INDICATOR : 0,
                data_coding: text.coding, short_message: message,
            }, report.phones);
        });
    }
}

function onSubmit(session, pdu) {
    const id = `${Date.now().toString(16)}${report.parts.length.toString(16).padStart(6, '0')}`;
    const header = pdu.short_message.udh && pdu.short_message.udh[0];
    report.parts.push({
        to: pdu.destination_addr, from: pdu.source_addr, coding: pdu.data_coding,
        text: pdu.short_message.message,
        reference: header ? header[2] : 0, total: header ? header[3] : 1, n: header ? header[4] : 1,
    });
    session.send(pdu.response({message_id: id}));
    if (pdu.registered_delivery & 1) {
        setTimeout(() => deliver(session, receiptFor(pdu, id), report.receipts), 50);
    }
}

const server = smpp.createServer((session) => {
    const welcome = (pdu) => {
        report.binds += 1;
        session.send(pdu.response({system_id: 'npm'}));
        if (!phonesCalled) {
            phonesCalled = true;
            callPhones(session);
        }
    };
    session.on('bind_transceiver', welcome);
    session.on('submit_sm', (pdu) => onSubmit(session, pdu));
    session.on('enquire_link', (pdu) => session.send(pdu.response()));
    session.on('unbind', (pdu) => { session.send(pdu.response()); session.close(); });
    session.on('error', (error) => report.errors.push(String(error)));
});

server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
const write = () => fs.writeFileSync(process.argv[4], JSON.stringify(report));
process.on('SIGTERM', () => { write(); process.exit(0); });
