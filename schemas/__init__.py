"""The contracts of the incoming tables, one YAML file each; shipped as ``ketbio.schemas``."""
