"""An account with something of everything that tap-zendesk-ml reads."""

from __future__ import annotations

from support.zendesk import Row, Zendesk

from ml_sandbox.zendesk import seed


def fill(zendesk: Zendesk) -> dict[str, list[Row]]:
    """Something of everything; ids beyond 32 bits."""
    (tier,) = zendesk.put("organization_fields", {"key": "tier", "title": "Tier", "type": "text"})
    (plan,) = zendesk.put("user_fields", {"key": "plan", "title": "Plan", "type": "text"})
    (code,) = zendesk.put("ticket_fields", {"title": "Code", "type": "text"})
    firms = zendesk.put(
        "organizations", *({"name": f"Firm {number}", "tags": ["vip"]} for number in range(3))
    )
    people = zendesk.put(
        "users", *({"name": f"Person {number}", "email": f"p{number}@firm.example"} for number in range(4))
    )
    zendesk.put("organization_memberships", {"user_id": people[0]["id"], "organization_id": firms[0]["id"]})
    (group,) = zendesk.put("groups", {"name": "Second line"})
    zendesk.put("group_memberships", {"user_id": seed.AGENT_ID, "group_id": group["id"]})
    zendesk.put("macros", {"title": "Close", "actions": [{"field": "status", "value": "solved"}]})
    zendesk.put("sla_policies", {"title": "Gold"})
    tickets = zendesk.put(
        "tickets",
        {
            "id": 26363647450999,
            "subject": "Large id",
            "requester_id": people[0]["id"],
            "priority": "urgent",
            "type": "problem",
            "tags": ["a", "b"],
            "custom_fields": [{"id": code["id"], "value": "X1"}],
        },
        {
            "subject": "Solved",
            "status": "solved",
            "requester_id": people[1]["id"],
            "via": {"channel": "email"},
        },
        {"subject": "Closed", "status": "closed"},
        {"subject": "AI", "support_type": "ai_agent"},
        {"subject": "Gone"},
    )
    zendesk.comment(tickets[0], "An internal note", public=False)
    zendesk.comment(tickets[1], "An answer", author_id=people[1]["id"])
    zendesk.put("satisfaction_ratings", {"ticket_id": tickets[1]["id"], "score": "good", "comment": "Thanks"})
    zendesk.call("DELETE", f"tickets/{tickets[4]['id']}")
    zendesk.call("DELETE", f"users/{people[3]['id']}")
    return {"firms": firms, "people": people, "tickets": tickets, "fields": [tier, plan, code]}
