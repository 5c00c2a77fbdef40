from django.urls import path

from chezhe.payments.views import callbacks, files, payouts

app_name = "payments"
urlpatterns = [
    path("payouts/", payouts.payouts, name="payouts"),
    path("payouts/<str:number>/", payouts.payout, name="payout"),
    path("payouts/<str:number>/retry/", payouts.retry, name="retry"),
    path("notices/", payouts.notices, name="notices"),
    path("notices/<str:notice_id>/", payouts.notice, name="notice"),
    path("files/", files.files, name="files"),
    path("files/import/", files.import_file, name="import"),
    path("files/template/", files.template, name="template"),
    path("files/<str:number>/", files.file, name="file"),
    path("lines/", files.lines, name="lines"),
    path("callbacks/bank/", callbacks.bank, name="bank_callback"),
]
