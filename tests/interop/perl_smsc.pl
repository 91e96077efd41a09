# A carrier made of Net::SMPP: as npm_smsc.js, one link at a time.
#
#     perl perl_smsc.pl PHONES.json REPORT.json
use strict;
use warnings;
use Encode;
use IO::Select;
use JSON::PP;
use Net::SMPP;

my ($phones_file, $report_file) = @ARGV;
open(my $phones, '<:raw', $phones_file) or die "$phones_file: $!";
my $from_phones = decode_json(do { local $/; <$phones> });
my %report = (binds => 0, errors => [], parts => [], receipts => {sent => 0, stored => 0},
              phones => {sent => 0, stored => 0});
my %waiting;    # sequence of a deliver_sm => which count
my $next = 1;

my $server = Net::SMPP->new_listen('127.0.0.1', port => 0) or die "cannot listen: $!";
$| = 1;
printf "listening %d\n", $server->sockport;
$SIG{TERM} = sub {
    open(my $out, '>:raw', $report_file) or die "$report_file: $!";
    print $out encode_json(\%report);
    close $out;
    exit 0;
};

sub deliver {
    my ($link, $what, %pdu) = @_;
    my $sequence = $link->deliver_sm(%pdu, async => 1);
    $waiting{$sequence} = $what;
    $report{$what}{sent}++;
}

sub octets {
    my ($coding, $text) = @_;
    return encode($coding == 8 ? 'UCS-2BE' : 'gsm0338', $text);
}

sub call_phones {
    my ($link) = @_;
    for my $text (@$from_phones) {
        my @pieces = @{$text->{pieces} || [$text->{text}]};
        for my $n (1 .. @pieces) {
            my $header = @pieces > 1 ? pack('C6', 5, 0, 3, $text->{reference}, scalar @pieces, $n) : '';
            deliver($link, 'phones', source_addr => $text->{from}, destination_addr => $text->{to},
                    esm_class => $header ? 0x40 : 0, data_coding => $text->{coding},
                    short_message => $header . octets($text->{coding}, $pieces[$n - 1]));
        }
    }
}

sub on_submit {
    my ($link, $pdu) = @_;
    my ($octets, $reference, $total, $n) = ($pdu->{short_message}, 0, 1, 1);
    if ($pdu->{esm_class} & 0x40) {
        my $size = ord $octets;
        (undef, undef, undef, $reference, $total, $n) = unpack 'C6', $octets;
        $octets = substr $octets, $size + 1;
    }
    my $text = decode($pdu->{data_coding} == 8 ? 'UTF-16BE' : 'gsm0338', $octets);
    push @{$report{parts}}, {to => $pdu->{destination_addr}, from => $pdu->{source_addr},
                             coding => $pdu->{data_coding}, text => $text,
                             reference => $reference, total => $total, n => $n};
    my $id = sprintf 'perl-%06d', $next++;
    $link->submit_sm_resp(seq => $pdu->{seq}, status => 0, message_id => $id);
    return unless $pdu->{registered_delivery} & 1;
    deliver($link, 'receipts', source_addr => $pdu->{destination_addr},
            destination_addr => $pdu->{source_addr}, esm_class => 0x04,
            short_message => "id:$id sub:001 dlvrd:001 submit date:2601011200 done date:2601011200 "
                . 'stat:DELIVRD err:000 text:');
}

while (1) {
    my $link = $server->accept or next;
    while (my $pdu = $link->read_pdu) {
        if ($pdu->{cmd} == Net::SMPP::CMD_bind_transceiver) {
            $report{binds}++;
            $link->bind_transceiver_resp(seq => $pdu->{seq}, status => 0, system_id => 'perl');
            call_phones($link) if $report{binds} == 1;
        }
        elsif ($pdu->{cmd} == Net::SMPP::CMD_submit_sm) { on_submit($link, $pdu) }
        elsif ($pdu->{cmd} == Net::SMPP::CMD_deliver_sm_resp) {
            my $what = delete $waiting{$pdu->{seq}};
            $report{$what}{stored}++ if $what && $pdu->{status} == 0;
        }
        elsif ($pdu->{cmd} == Net::SMPP::CMD_enquire_link) { $link->enquire_link_resp(seq => $pdu->{seq}) }
        elsif ($pdu->{cmd} == Net::SMPP::CMD_unbind) {
            $link->unbind_resp(seq => $pdu->{seq});
            last;
        }
        else { push @{$report{errors}}, sprintf 'command %#x', $pdu->{cmd} }
    }
}
