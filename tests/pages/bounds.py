"""How often a page may ask the database, everything included: session, rights, the rail, the page itself.

Two above what it asks of the sample today, so that a page may grow a little and no row may cost a query of its own.
"""

BOUNDS: dict[str, int] = {
    "kernel:alive": 6, "kernel:ready": 8, "kernel:metrics": 8,
    "ui:styleguide": 7,
    "staff:step_up": 8, "staff:demo_bar": 8, "staff:account": 11, "staff:change_password": 6, "staff:enrol": 10,
    "staff:token_new": 7, "staff:people": 12, "staff:person_new": 8, "staff:person": 14, "staff:person_disable": 8,
    "staff:person_reset": 8, "staff:person_grant": 10, "staff:grant_revoke": 9, "staff:matrix": 8, "staff:role_permissions": 9,
    "staff:responsibility": 8, "staff:access_changes": 10, "staff:access_change": 11, "staff:places": 10, "staff:branch_new": 8,
    "staff:region_new": 7, "staff:delegations": 9, "staff:delegation_new": 9,
    "approvals:inbox": 11, "approvals:request": 9,
    "compliance:parameters": 8, "compliance:parameter": 9, "compliance:changes": 10, "compliance:parameter_change": 8,
    "compliance:lender": 9, "compliance:lender_change": 8, "compliance:caps": 8, "compliance:register": 7,
    "compliance:calendar_year": 8, "compliance:consents": 14, "compliance:contacts": 10, "compliance:contact_panel": 14,
    "documents:panel": 8, "documents:download": 11, "documents:image": 13, "documents:preview": 8, "documents:removal": 8,
    "messaging:messages": 10, "messaging:panel": 8, "messaging:templates": 8, "messaging:template": 9, "messaging:message": 10,
    "customers:customers": 11, "customers:create_person": 8, "customers:create_company": 8, "customers:profile": 9,
    "customers:relations": 11, "customers:history": 9, "customers:customer": 9, "customers:edit": 9, "customers:add_account": 8,
    "customers:close_account": 8, "customers:relate": 8, "customers:unrelate": 8,
    "vehicles:vehicles": 10, "vehicles:create": 7, "vehicles:of_customer": 8, "vehicles:profile": 12, "vehicles:papers": 9,
    "vehicles:valuations": 8, "vehicles:history": 8, "vehicles:vehicle": 8, "vehicles:edit": 8, "vehicles:value": 8,
    "vehicles:paper": 8,
    "channels:dealers": 10, "channels:create": 8, "channels:profile": 8, "channels:dealer": 8, "channels:edit": 8,
    "channels:move": 8,
    "ledger:entries": 11, "ledger:entry": 15, "ledger:accounts": 11, "ledger:new_account": 8, "ledger:statement": 8,
    "ledger:trial_balance": 10, "ledger:periods": 10, "ledger:panel": 14, "ledger:manual_entries": 10, "ledger:propose": 8,
    "ledger:manual_entry": 10,
    "products:products": 10, "products:new_product": 7, "products:calculator": 8, "products:versions": 11, "products:version": 10,
    "products:edit": 8,
    "payments:payouts": 11, "payments:payout": 13, "payments:notices": 10, "payments:notice": 8, "payments:files": 11,
    "payments:import": 7, "payments:template": 6, "payments:file": 13, "payments:lines": 14,
    "leads:leads": 10, "leads:board": 12, "leads:pool": 10, "leads:create": 10, "leads:of_dealer": 8, "leads:lead": 10,
    "leads:edit": 9, "leads:assign": 11, "leads:claim": 8, "leads:touch": 8, "leads:lose": 8, "leads:duplicate": 8,
    "leads:convert": 9,
    "origination:applications": 12, "origination:board": 13, "origination:start": 8, "origination:of_customer": 8,
    "origination:of_vehicle": 8, "origination:figures": 9, "origination:plan": 14, "origination:track": 10,
    "origination:application": 9, "origination:step": 18, "origination:missing": 15, "origination:review": 18,
    "origination:withdraw": 8,
    "contracts:contracts": 11, "contracts:waiting": 9, "contracts:contracts_of": 8, "contracts:prepare": 9, "contracts:board": 17,
    "contracts:disbursement": 13, "contracts:contract": 14, "contracts:paper": 25, "contracts:paper_page": 24,
    "contracts:cost_sheet": 13, "contracts:sign": 19, "contracts:register": 13, "contracts:release": 13,
    "contracts:release_unused": 13, "contracts:pay_out": 13,
    "servicing:loans": 11, "servicing:loan": 11, "servicing:repay": 10, "servicing:prepay": 8, "servicing:settlement": 10,
    "servicing:settlement_sheet": 10, "servicing:reverse": 18, "servicing:plan": 10, "servicing:events": 8,
    "servicing:track": 14, "servicing:audit": 14, "servicing:papers": 16,
    "servicing:loans_of": 9, "servicing:files": 11, "servicing:file": 13, "servicing:match": 9, "servicing:day": 18, "servicing:day_progress": 11,
    "servicing:proof": 7, "servicing:refund": 12, "servicing:changes": 12, "servicing:change": 14, "servicing:changes_of": 10,
    "servicing:charge": 12, "servicing:waiver": 12, "servicing:print_paper": 6, "servicing:due_day": 12, "servicing:holiday": 12, "servicing:extension": 12,
    "servicing:restructuring": 12, "servicing:rate_change": 12, "servicing:acceleration": 12, "servicing:write_off": 12,
    "workbench:audit": 11, "workbench:audit_proof": 12,
    "workbench:home": 41, "workbench:search": 7, "workbench:bell": 31, "workbench:tasks": 41, "workbench:charts": 15,
    "workbench:help": 7, "workbench:help_page": 7, "workbench:views": 8, "workbench:edit_view": 8,
}
SEARCH = 15

# Addresses that answer a GET by sending somewhere else, and why they need no bound of their own.
ELSEWHERE: dict[str, str] = {
    "set_language": "goes back to the page it was chosen on",
    "staff:sign_in": "whoever is signed in goes home", "staff:code": "asks only who has just typed a password",
    "staff:shown_once": "shows a secret once, after it was made", "compliance:calendar_now": "goes to the page of the year",
}
