"""A mail server that keeps what it is given, and misbehaves towards some recipients:

    later@...     450 to the first try            refused@...   550 to RCPT
    spam@...      554 after the dot               cut@...       no answer to the first dot
"""

import socketserver
import threading


class talk(socketserver.StreamRequestHandler):
    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def first(self, what):
        """Whether this is the first time."""
        fresh = what not in self.server.seen
        self.server.seen.add(what)
        return fresh

    def handle(self):
        with self.server.lock:
            self.server.links += 1
        self.say("220 mail.test ESMTP")
        sender = to = ""
        while line := self.rfile.readline():
            words = line.decode("ascii", "replace").strip()
            verb = words[:4].upper()
            if verb == "QUIT":
                return self.say("221 bye")
            if verb == "MAIL":
                sender, to = words[words.index("<") + 1:words.index(">")], ""
                self.say("250 2.1.0 ok")
            elif verb == "RCPT":
                to = words[words.index("<") + 1:words.index(">")]
                if to.startswith("later@") and self.first(to):
                    self.say("450 4.2.1 the mailbox is busy")
                elif to.startswith("refused@"):
                    self.say("550 5.1.1 no such user here")
                else:
                    self.say("250 2.1.5 ok")
            elif verb == "DATA":
                self.say("354 go ahead")
                if not self.take(sender, to):
                    return None
            else:
                self.say("250-mail.test\r\n250 SIZE 1000000" if verb == "EHLO" else "250 2.0.0 ok")

    def take(self, sender, to):
        """False: the line is cut."""
        mail = b""
        while (line := self.rfile.readline()) != b".\r\n":
            if not line:
                return False
            mail += line[1:] if line.startswith(b".") else line
        if to.startswith("spam@"):
            self.say("554 5.7.1 this looks like spam")
            return True
        with self.server.lock:
            self.server.mails.append((sender, to, mail))
        if to.startswith("cut@") and self.first(to):
            return False
        self.say("250 2.0.0 queued as 4711")
        return True


class mail_server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), talk)
        self.lock = threading.Lock()
        self.mails, self.seen, self.links = [], set(), 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def to(self, recipient):
        with self.lock:
            return [mail for _, to, mail in self.mails if to == recipient]
