from django.apps import AppConfig


class SimulationConfig(AppConfig):
    name = "chezhe.simulation"
    label = "simulation"
    verbose_name = "simulation"
