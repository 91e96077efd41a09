#!/usr/bin/python3
"""The customers' page in Chromium, as an agent uses it; and another site that misuses the agent.

    browser.py PORT TOKEN NUMBER NAME SCRATCH

NUMBER is known to the daemon on PORT, its owner's NAME would set the page's title to "taken" if it were
more than text. Prints what is wrong. Needs Debian's chromium-driver and python3-selenium.
"""

import http.server
import pathlib
import sys
import threading

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait

class elsewhere:
    """A page of another site that sends the customers' page a form."""

    def __init__(self, port, number):
        page = (f'<form method="post" action="http://127.0.0.1:{port}/customers"><input name="who" value="{number}">'
                f'<input name="act" value="out"><input name="number" value="{number}"><input name="category" '
                'value="billing"><input name="reason" value="r"></form><script>document.forms[0].submit()</script>')

        class handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(page.encode())

            def log_message(self, *_):
                pass
        self.server = http.server.HTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://localhost:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def browser(scratch):
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--user-data-dir={scratch / 'profile'}"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options)


PATIENCE = 30  # seconds


class agent:
    def __init__(self, view, port, token):
        self.view, self.wrong = view, []
        view.get(f"http://li:{token}@127.0.0.1:{port}/customers")
        self.plain = f"http://127.0.0.1:{port}/customers"

    def page(self):
        return self.view.find_element(By.TAG_NAME, "body").text

    def expect(self, words, where):
        if words not in self.page():
            self.wrong.append(f"{where}: '{words}' is not on the page: {self.page()[:300]!r}")

    def look_up(self, who):
        self.view.get(self.plain)
        field = self.view.find_element(By.NAME, "who")
        field.send_keys(who)
        self.leave(field.submit, field)

    def fill(self, button, **texts):
        """The first form with this button."""
        form = self.view.find_element(By.XPATH, f"//form[button[text()='{button}']]")
        for name, text in texts.items():
            form.find_element(By.NAME, name).send_keys(text)
        self.leave(form.find_element(By.TAG_NAME, "button").click, form)

    def leave(self, act, element):
        """The page with this element is gone, and the next one there."""
        act()
        wait = WebDriverWait(self.view, PATIENCE)
        wait.until(staleness_of(element))
        wait.until(lambda view: view.execute_script("return document.readyState") == "complete")


def serve(view, port, token, number, name):
    who = agent(view, port, token)
    who.look_up(number)
    who.expect("Phone " + number, "looked up")
    who.expect(name, "a name is text")
    who.fill("Opt out", category="marketing", reason="asked by phone")
    who.expect("Done.", "opted out")
    who.expect("Opted out of marketing", "opted out")
    who.fill("Opt out", category="marketing", reason="once more")
    who.expect("Not done: ", "opted out twice")
    who.fill("Opt in again", category="marketing", reason="asked by phone")
    who.expect("Opted out of nothing", "opted in")
    who.fill("Subscribe", topic="OUTAGES", parameter="城东", reason="asked by phone")
    who.expect("outage.area", "subscribed")
    who.fill("Pause", reason="on holiday")
    who.expect("paused", "paused")
    who.fill("Resume", reason="back")
    who.fill("End", reason="asked by phone")
    who.expect("Done.", "ended")
    if "outage.area" in who.page():
        who.wrong.append("ended: it is still on the page")
    who.look_up("13900009999")
    who.fill("Opt out", category="all", reason="a first call")
    who.expect("Opted out of marketing", "a number that was not known")
    who.look_up("nobody at all")
    who.expect("Nothing is known of it.", "of nobody")
    if view.title != "Customer":
        who.wrong.append(f"the title is {view.title!r}: a script has run")
    errors = [e["message"] for e in view.get_log("browser") if e["level"] == "SEVERE" and "favicon" not in e["message"]]
    who.wrong += [f"console: {e}" for e in errors]
    site = elsewhere(port, number)
    view.get(site.url)
    WebDriverWait(view, PATIENCE).until(lambda view: f":{port}/" in view.current_url)
    who.expect("a page of another site had this sent", "from another site")
    who.look_up(number)
    who.expect("Opted out of nothing", "after another site's form")
    return who.wrong


def main(port, token, number, name, scratch):
    view = browser(pathlib.Path(scratch))
    try:
        wrong = serve(view, port, token, number, name)
    finally:
        view.quit()
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
