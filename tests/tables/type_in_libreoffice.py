"""Types into the first sheet of a workbook as a person would, and prints what the cells hold then.

Run by a Python that has LibreOffice's ``uno``: ``type_in_libreoffice.py PIPE BOOK A1=text …``.
Text set through the API is never checked against a validation; text typed and entered is.
"""

import json
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

PATIENCE = 60  # seconds, for a first start


def named(**values):
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


def connected(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)


def main(pipe, book, *entries):
    context = connected(pipe)
    services = context.ServiceManager
    desktop = services.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    dispatcher = services.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
    # Not hidden: a hidden window has no input line to type into.
    document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(book), "_blank", 0, ())
    frame, sheet = document.CurrentController.Frame, document.Sheets.getByIndex(0)

    def dispatch(command, **values):
        dispatcher.executeDispatch(frame, f".uno:{command}", "", 0, named(**values))

    found = {}
    for entry in entries:
        cell, text = entry.split("=", 1)
        dispatch("GoToCell", ToPoint=cell)
        dispatch("EnterString", StringName=text, DontCommit=True)
        dispatch("AcceptFormula")
        found[entry] = sheet.getCellRangeByName(cell).String
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    document.close(True)
    desktop.terminate()


if __name__ == "__main__":
    main(*sys.argv[1:])
