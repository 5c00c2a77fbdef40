from django.urls import path

from chezhe.portal.urls import m_case, m_loan, m_voices
from chezhe.portal.views import home, sign_in

urlpatterns = [
    path("", home.customer_home, name="m_home"),
    path("sign-in/", sign_in.sign_in, name="m_sign_in"),
    path("sign-in/code/", sign_in.code, name="m_code"),
    path("identity/", sign_in.identity, name="m_identity"),
    path("step-up/", sign_in.step_up_borrower, name="m_step_up"),
    path("sign-out/", sign_in.sign_out, name="m_sign_out"),
    path("me/", home.me_borrower, name="m_me"),
    path("elder/", home.elder, name="m_elder"),
    *m_case.urlpatterns,
    *m_loan.urlpatterns,
    *m_voices.urlpatterns,
]
