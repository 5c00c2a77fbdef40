from django.urls import path

from chezhe.portal.urls import d_cases
from chezhe.portal.views import home, sign_in

urlpatterns = [
    *d_cases.urlpatterns,
    path("", home.dealer_home, name="d_home"),
    path("sign-in/", sign_in.sign_in, name="d_sign_in"),
    path("sign-in/code/", sign_in.code, name="d_code"),
    path("step-up/", sign_in.step_up_dealer, name="d_step_up"),
    path("sign-out/", sign_in.sign_out, name="d_sign_out"),
    path("me/", home.me_dealer, name="d_me"),
    path("elder/", home.elder, name="d_elder"),
]
