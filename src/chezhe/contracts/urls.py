from django.urls import path

from chezhe.contracts.views import costs, counter, lane, listing, page, papers, payees, payout, verify

app_name = "contracts"
_COSTS = [
    path("<str:number>/costs/", costs.costs, name="costs"),
    path("<str:number>/costs/open/", costs.open_sheet, name="open_costs"),
    path("<str:number>/costs/renew/", costs.renew, name="renew_costs"),
    path("<str:number>/costs/read/<str:key>/", costs.reading, name="read_costs"),
    path("<str:number>/costs/read/<str:key>/left/", costs.reading_left, name="reading_left"),
    path("<str:number>/costs/fees/", costs.upfront, name="upfront"),
    path("<str:number>/costs/fees/<str:entry>/return/", costs.return_fee, name="return_fee"),
]
_PAPERS = [
    path("<str:number>/papers/<str:kind>/", papers.paper, name="paper"),
    path("<str:number>/papers/<str:kind>/<int:page>.png", papers.paper_page, name="paper_page"),
    path("<str:number>/papers/<str:kind>/reprint/", papers.reprint, name="reprint"),
    path("<str:number>/evidence/", papers.evidence, name="evidence"),
    path("<str:number>/printing/", papers.printing, name="printing"),
    path("<str:number>/printing/again/", papers.remake, name="remake"),
]
urlpatterns = [
    path("verify/", verify.verify, name="verify"),
    *_COSTS, *_PAPERS,
    path("", listing.contracts, name="contracts"),
    path("waiting/", listing.waiting, name="waiting"),
    path("panel/", listing.contracts_of, name="contracts_of"),
    path("prepare/<str:number>/", counter.prepare, name="prepare"),
    path("lane/", lane.lane, name="lane"),
    path("lane/figures/", lane.lane_figures, name="lane_figures"),
    path("lane/panel/", lane.lane_of, name="lane_of"),
    path("lane/<str:number>/pause/", lane.pause, name="pause_lane"),
    path("lane/<str:number>/resume/", lane.resume, name="resume_lane"),
    path("payouts/", payout.board, name="board"),
    path("payouts/<str:number>/", payout.disbursement, name="disbursement"),
    path("payouts/<str:number>/check/", payout.check, name="check"),
    path("payouts/<str:number>/cancel/", payout.cancel, name="cancel"),
    path("payouts/<str:number>/resend/", payout.resend, name="resend"),
    path("payees/", payees.payees, name="payees"),
    path("payees/new/", payees.new_payee, name="new_payee"),
    path("payees/<str:number>/", payees.payee, name="payee"),
    path("payees/<str:number>/decide/", payees.decide, name="decide_payee"),
    path("payees/<str:number>/close/", payees.close, name="close_payee"),
    path("limits/", payees.limits, name="limits"),
    path("limits/new/", payees.new_limit, name="new_limit"),
    path("limits/<str:number>/", payees.limit, name="limit"),
    path("limits/<str:number>/decide/", payees.decide_limit, name="decide_limit"),
    path("<str:number>/", page.contract, name="contract"),
    path("<str:number>/cost-sheet/", counter.cost_sheet, name="cost_sheet"),
    path("<str:number>/sign/", counter.sign, name="sign"),
    path("<str:number>/mortgage/", counter.register, name="register"),
    path("<str:number>/gps/", counter.gps, name="confirm_gps"),
    path("<str:number>/vehicles/", counter.further, name="add_vehicle"),
    path("<str:number>/release/", counter.release, name="release"),
    path("<str:number>/release-unused/", counter.release_unused, name="release_unused"),
    path("<str:number>/pay-out/", payout.pay_out, name="pay_out"),
    path("<str:number>/void/", counter.void, name="void"),
]
