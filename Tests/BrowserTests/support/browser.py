"""One headless Chromium, driven by WebDriver, with its logs of requests and errors."""

import json
import os
import time

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service


class Browser:
    def __init__(self, folder, origin, is_logged=True):
        os.makedirs(folder + "/downloads")
        self.origin = origin
        self.downloads = folder + "/downloads"
        self.is_logged = is_logged
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        # All of its files are in the tests' folder, by whose name scripts/test finds its processes. It reaches no other host.
        for argument in (
            "--headless=new", f"--user-data-dir={folder}/profile", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-proxy-server",
            "--disable-default-apps", "--disable-extensions", "--lang=en-US", "--force-device-scale-factor=1",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--remote-debugging-address=127.0.0.1",
        ):
            options.add_argument(argument)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")  # root cannot use Chromium's sandbox
        options.add_experimental_option("excludeSwitches", ["enable-logging"])
        # Logging costs time for each request.
        if is_logged:
            options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
            options.add_experimental_option("perfLoggingPrefs", {"enableNetwork": True, "enablePage": False})
        service = Service("/usr/bin/chromedriver", log_path=folder + "/chromedriver.log",
                          env=os.environ | {"HOME": folder, "TMPDIR": folder, "LANGUAGE": "en_US", "TZ": "Europe/Zurich"})
        self.driver = webdriver.Chrome(service=service, options=options)
        self.driver.set_page_load_timeout(20)
        self.driver.set_script_timeout(20)
        self.seen = []

    def quit(self):
        self.driver.quit()

    # --- The same state before each test ---

    def forget(self):
        """Resets the browser: one tab, no cookies, no stored data, the default size, the network on."""
        self.keep_tabs(1)
        self.driver.get("about:blank")
        self.cdp("Network.enable")
        self.set_network()
        self.cdp("Storage.clearDataForOrigin", origin=self.origin, storageTypes="all")
        self.cdp("Network.clearBrowserCookies")
        self.cdp("Network.clearBrowserCache")
        self.cdp("Emulation.setEmulatedMedia", features=[])
        self.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=self.downloads)
        self.resize(1280, 800)
        self.forget_log()

    def keep_tabs(self, count):
        for handle in self.driver.window_handles[count:]:
            self.driver.switch_to.window(handle)
            self.driver.close()
        self.driver.switch_to.window(self.driver.window_handles[0])

    def set_cookie(self, name, value):
        self.cdp("Network.setCookie", url=self.origin, name=name, value=value, httpOnly=True, sameSite="Strict", path="/")

    # --- Use ---

    def cdp(self, method, **parameters):
        return self.driver.execute_cdp_cmd(method, parameters)

    def resize(self, width, height):
        """Sets the size of the page, without the frame of the window."""
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def set_network(self, offline=False):
        self.cdp("Network.emulateNetworkConditions", offline=offline, latency=0, downloadThroughput=-1, uploadThroughput=-1)

    def set_colours(self, scheme):
        self.cdp("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"},
        ])

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def isolated(self, script):
        """Runs a script outside the page's content security policy, and returns the result of its promise."""
        frame = self.cdp("Page.getFrameTree")["frameTree"]["frame"]["id"]
        world = self.cdp("Page.createIsolatedWorld", frameId=frame, worldName="tests")["executionContextId"]
        answer = self.cdp("Runtime.evaluate", expression=script, contextId=world, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(json.dumps(answer["exceptionDetails"])[:2000])
        return answer["result"].get("value")

    # --- Logs ---

    def requests(self):
        """Requests since `forget_log`, in the order of their start, with the statuses of their responses."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            self.note(message["method"], message["params"])
        return self.seen

    def note(self, method, params):
        if method == "Network.requestWillBeSent":
            self.seen.append(Request(params["requestId"], params["request"]))
        elif method in ("Network.responseReceived", "Network.responseReceivedExtraInfo"):
            status = params["statusCode"] if "statusCode" in params else params["response"]["status"]
            for request in self.seen:
                if request.id == params["requestId"] and status:
                    # The network log shows a 304 that the page sees as 200.
                    request.status = status if method.endswith("ExtraInfo") else request.status or status

    def forget_log(self):
        """Forgets the requests and errors so far."""
        self.seen = []
        if self.is_logged:
            self.driver.get_log("performance")
            self.driver.get_log("browser")

    def wrongs(self):
        """Violations of the content security policy, script errors and warnings, but not failed requests."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["source"] != "network" and entry["level"] in ("WARNING", "SEVERE")]


class Request:
    def __init__(self, number, sent):
        self.id = number
        self.method = sent["method"]
        self.url = sent["url"]
        self.headers = {name.lower(): value for name, value in sent["headers"].items()}
        self.status = None

    def __repr__(self):
        return f"{self.method} {self.url} {self.status}"


def eventually(what, condition, seconds=6):
    """Repeats `condition` until its result is true, and returns the result. Fails after `seconds`.

    `what` describes what was expected: a text, or a function that returns one.
    """
    deadline = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"never: {what() if callable(what) else what}")
        time.sleep(0.02)
