"""Being written."""


def board(visit): ...
