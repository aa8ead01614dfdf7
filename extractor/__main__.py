"""``python -m extractor`` is ``extract``."""

from extractor.cli import main

raise SystemExit(main())
