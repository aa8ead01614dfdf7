"""What makes a panel of many reports: a manifest that says what each file is, and codes of regions."""

from __future__ import annotations

from extractor.panel.manifest import Manifest, read_manifest
from extractor.panel.regions import Region, region_of, region_with

__all__ = ["Manifest", "Region", "read_manifest", "region_of", "region_with"]
