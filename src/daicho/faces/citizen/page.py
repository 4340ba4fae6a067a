"""The resident's own page: what is recorded about me and who has seen it, opened by a one-time code."""

import base64

from daicho.faces.terminal.desk import DisclosureDesk
from daicho.faces.terminal.show import basics
from daicho.faces.terminal.web import Call, reply_page
from daicho.faces.web.replies import Reply
from daicho.faces.wording.refusals import explain
from daicho.rules.law.refusal import Refusal

CODE_CHARACTERS = 64


def citizen_door(call: Call) -> Reply:
    """Ask for the code that the counter handed out."""
    return reply_page(call, "citizen_door.html", {"info": call.info, "told": None})


def citizen_open(desk: DisclosureDesk, call: Call) -> Reply:
    """Show the page of whoever was given this code; nothing is kept for a second look."""
    code = call.form.get("one_time", "").strip().upper().replace(" ", "").replace("-", "")
    found = desk.open(code[:CODE_CHARACTERS])
    if isinstance(found, Refusal):
        values = {"info": call.info, "told": explain(found)}
        return reply_page(call, "citizen_door.html", values, 403)
    proof = base64.b64encode(found.proof_file).decode()
    values = {
        "info": call.info,
        "disclosed": found,
        "record": found.record,
        "lines": basics(found.record),
        "proof": f"data:application/json;base64,{proof}" if found.proof_file else "",
    }
    return reply_page(call, "citizen.html", values)
