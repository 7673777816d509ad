"""The aortic root found in a contrast CT without learned weights."""

from planning.tavr.auto.estimate import RootEstimate, SecondEstimate
from planning.tavr.auto.find import find_root

__all__ = ["RootEstimate", "SecondEstimate", "find_root"]
