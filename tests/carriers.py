"""How posthorn-sim and an account are told of each other, for each adapter that has a simulator."""
import socket

SECRET = "secret"

# What an account says beside host, port and window; {file} holds SECRET.
OPTIONS = {
    "smpp": ["system_id: posthorn", "password: file:{file}"],
    "cmpp": ['source_addr: "901234"', "secret: file:{file}", "recipients: international"],
    "smgp": ['client_id: "10690000"', "secret: file:{file}", "recipients: international"],
    "sgip": ["login_name: sp901234", "login_password: file:{file}", "node_id: 3010012345", 'corp_id: "12345"',
             "listen_address: 127.0.0.1", "listen_port: {listen}", "listen_name: smg", "listen_password: file:{file}",
             "error_classes: {{21: expired}}"],
}

# What posthorn-sim is told so that it knows the account.
WORDS = {
    "smpp": [],
    "cmpp": ["--user", "901234", "--secret", SECRET],
    "smgp": ["--user", "10690000", "--secret", SECRET],
    "sgip": ["--user", "sp901234", "--password", SECRET, "--report-to", "127.0.0.1:{listen}", "--report-user", "smg"],
}


def free_port():
    """For a listener of posthornd's: nobody else asks for it meanwhile, most likely."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Pair:
    """A simulator and the account that sends to it."""

    def __init__(self, adapter="smpp"):
        self.adapter = adapter
        self.listen = free_port() if adapter == "sgip" else None

    def words(self):
        """The first of posthorn-sim's command line."""
        return [self.adapter, "--port", "0", *(w.format(listen=self.listen) for w in WORDS[self.adapter])]

    def account(self, port, window, file, *more):
        """accounts.d/NAME.yaml; `file` is beside it and holds SECRET."""
        lines = ["host: 127.0.0.1", f"port: {port}", *OPTIONS[self.adapter], f"window: {window}", *more]
        options = "".join(f"  {line.format(file=file, listen=self.listen)}\n" for line in lines)
        return f"adapter: {self.adapter}\ndelivery: live\noptions:\n{options}"
