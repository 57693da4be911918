"""What a form gives to whoever hands a desk on to the next."""

from app.ground.spelling import known_options


@known_options()
class Held:
    """What should be there by a form's records while they are in some states: how many they are, or what a
    box of them ``adds`` up to.
    """

    def __init__(self, *states: str, adds: str = "") -> None:
        self.states, self.adds = states, adds
