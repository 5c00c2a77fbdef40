"""Devices that were confirmed before each had a row of its own, for contracts that still wait for their money."""

from __future__ import annotations

import re
from typing import Any

from django.db import migrations


def give_rows(apps: Any, _editor: Any) -> None:
    contracts, devices = apps.get_model("contracts", "Contract"), apps.get_model("contracts", "GpsDevice")
    waiting = contracts.objects.filter(gps_fitted_on__isnull=False, effective_on__isnull=True).exclude(status="void")
    for contract in waiting.iterator():
        for number in dict.fromkeys(re.split(r"[\s、，,;；]+", contract.gps_devices.strip())):
            if number:
                devices.objects.create(
                    contract=contract, device_number=number[:40], installed_on=contract.gps_fitted_on,
                    installed_by_name=contract.gps_confirmed_by_name)


class Migration(migrations.Migration):

    dependencies = [("contracts", "0043_fitting")]

    operations = [migrations.RunPython(give_rows, migrations.RunPython.noop)]
