"""`python -m newsstand`."""

import sys

from newsstand.serve import main

sys.exit(main())
