"""Lists a mailbox's folders with PyPI's pyactivesync; the last line says `in` or `out`."""
import sys

import requests
from pyactivesync import Client

port, user, password = sys.argv[1:]
try:
    with Client(server=f"localhost:{port}", username=user, password=password, device_id="pyactivesync") as client:
        names = {folder.name for folder in client.list_folders()}
    assert "Inbox" in names, names
    print("in")
except requests.HTTPError as error:
    print(error)
    assert error.response.status_code == 401, error
    print("out")
