"""Ana, Bea and Eva, as git knows them."""

from comsoc_cli.model.person import Person

ANA, BEA, EVA = (Person(f"{name} Soto", f"{name.lower()}@sinaloa.example") for name in ("Ana", "Bea", "Eva"))


def as_(who: Person) -> dict[str, str]:
    return {"GIT_CONFIG_VALUE_0": who.name, "GIT_CONFIG_VALUE_1": who.email}
