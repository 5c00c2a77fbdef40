from django.urls import path

from chezhe.contracts.views import callbacks, counter, guest, listing, page, payout, signing

app_name = "contracts"
_GUESTS = [
    path("s/<str:token>/", guest.link, name="link"),
    path("guest/", guest.papers, name="guest"),
    path("guest/code/", guest.send_code, name="guest_code"),
    path("guest/enter/", guest.enter, name="guest_enter"),
    path("guest/papers/<str:kind>/", guest.paper, name="guest_paper"),
    path("guest/sign/", guest.sign, name="guest_sign"),
    path("guest/refuse/", guest.refuse, name="guest_refuse"),
]
_SIGNING = [
    path("callbacks/esign/", callbacks.esign, name="esign_callback"),
    path("<str:number>/signing/", signing.signing, name="signing"),
    path("<str:number>/signing/invite/", signing.invite, name="invite"),
    path("<str:number>/signing/links/<str:key>/end/", signing.end, name="end_link"),
    path("<str:number>/signing/<str:signing_number>/retry/", signing.retry, name="retry_signing"),
    path("<str:number>/papers/<str:kind>/signatures/", signing.signatures, name="signatures"),
]
urlpatterns = [
    *_GUESTS,
    *_SIGNING,
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
