from django.urls import path

from chezhe.contracts.views import counter, listing, page, payout

app_name = "contracts"
urlpatterns = [
    path("", listing.contracts, name="contracts"),
    path("waiting/", listing.waiting, name="waiting"),
    path("panel/", listing.contracts_of, name="contracts_of"),
    path("prepare/<str:number>/", counter.prepare, name="prepare"),
    path("payouts/", payout.board, name="board"),
    path("payouts/<str:number>/", payout.disbursement, name="disbursement"),
    path("payouts/<str:number>/check/", payout.check, name="check"),
    path("payouts/<str:number>/cancel/", payout.cancel, name="cancel"),
    path("payouts/<str:number>/resend/", payout.resend, name="resend"),
    path("<str:number>/", page.contract, name="contract"),
    path("<str:number>/papers/<str:kind>/", page.paper, name="paper"),
    path("<str:number>/papers/<str:kind>/<int:page>.png", page.paper_page, name="paper_page"),
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
