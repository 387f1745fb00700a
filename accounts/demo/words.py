"""The words of which the demo is made."""

from __future__ import annotations

from typing import NamedTuple


class Town(NamedTuple):
    """A town in Oregon, with its ZIP code and the area codes in use there."""

    name: str
    postal_code: str
    area_codes: tuple[str, ...]


class Trade(NamedTuple):
    """What a business does: for its sign, and short, for its domain."""

    sign: str
    slug: str


FIRST_NAMES = (  # noqa: SIM905 (sixty lines of one word each read worse)
    "Dale Marlene Curtis Yolanda Walt Bettina Hiro Shawna Earl Lupe Tom Darlene Miguel Irene Russ Peggy "
    "Kenji Lorna Vern Tamara Josefina Clint Naomi Gus Opal Ray Sunny Hector Joanne Wade Ellen Marcus Trudy "
    "Ivan Rosa Cliff Amy Deshawn Phyllis Todd Lena Arturo Beth Norm Carla Jun Wendy Buck Sylvia Andre Faye "
    "Lyle Teresa Owen Gwen Hank Priya Stan Molly Leon"
).split()

LAST_NAMES = (  # noqa: SIM905 (sixty lines of one word each read worse)
    "Applegate Whitcomb Sandoval Ferris Okada Pruitt McKay Lindqvist Boone Tanaka Hargrove Delgado Stroud "
    "Nakamura Beasley Ortega Thornton Vance Kowalski Driscoll Mendez Upton Gallagher Yates Rasmussen Quick "
    "Barlow Castillo Huang Merritt Sizemore Wolfe Abbott Dunbar Escobar Fitch Grimes Holloway Ibarra Jessup "
    "Kimball Langley Moreno Newcomb Odell Paxton Radford Skaggs Tidwell Underhill Varga Wexler Young Zamora "
    "Bigelow Coburn Dutton Eastman Farrow Gentry"
).split()

STREETS = (
    "NW 6th Street",
    "NE 7th Street",
    "Rogue River Highway",
    "Redwood Avenue",
    "Siskiyou Boulevard",
    "G Street",
    "Williams Highway",
    "Lower River Road",
    "Jacksonville Highway",
    "Biddle Road",
    "Crater Lake Avenue",
    "Table Rock Road",
    "East Main Street",
    "Foothill Boulevard",
    "Upper River Road",
    "Caves Highway",
    "Oak Street",
    "Dutcher Creek Road",
    "Jumpoff Joe Creek Road",
    "Pioneer Street",
)

SOUTHERN = ("541", "458")
TOWNS = (
    Town("Grants Pass", "97526", SOUTHERN),
    Town("Grants Pass", "97527", SOUTHERN),
    Town("Medford", "97501", SOUTHERN),
    Town("Medford", "97504", SOUTHERN),
    Town("Ashland", "97520", SOUTHERN),
    Town("Cave Junction", "97523", SOUTHERN),
    Town("Central Point", "97502", SOUTHERN),
    Town("Rogue River", "97537", SOUTHERN),
    Town("Merlin", "97532", SOUTHERN),
    Town("Jacksonville", "97530", SOUTHERN),
    Town("Talent", "97540", SOUTHERN),
    Town("Roseburg", "97470", SOUTHERN),
    Town("Klamath Falls", "97601", SOUTHERN),
    Town("Salem", "97301", ("503", "971")),
    Town("Portland", "97205", ("503", "971")),
)

# Before the trade on a business's sign.
PLACES = (  # noqa: SIM905 (sixty lines of one word each read worse)
    "Grants Pass|Medford|Ashland|Cave Junction|Rogue Valley|Illinois Valley|Applegate|Siskiyou|Table Rock|"
    "Hellgate|Jacksonville|Talent|Merlin|Rogue River|Crater|Redwood|Umpqua|Bear Creek|Gold Hill|Shady Cove|"
    "Wolf Creek|Three Rivers|Pioneer|Cascade|Whitcomb|Sandoval|Okada|Pruitt|McKay|Boone|Hargrove|Driscoll"
).split("|")

TRADES = (
    Trade("Feed & Seed", "feed"),
    Trade("Plumbing", "plumbing"),
    Trade("Dental", "dental"),
    Trade("Auto Repair", "auto"),
    Trade("Insurance", "insurance"),
    Trade("Realty", "realty"),
    Trade("Orchards", "orchards"),
    Trade("Vineyards", "wine"),
    Trade("Lumber", "lumber"),
    Trade("Veterinary Clinic", "vet"),
    Trade("Bakery", "bakery"),
    Trade("Rafting", "rafting"),
    Trade("Towing", "towing"),
    Trade("Hardware", "hardware"),
    Trade("Bookkeeping", "books"),
    Trade("Law Office", "law"),
    Trade("Motel", "motel"),
    Trade("Glass", "glass"),
    Trade("Nursery", "nursery"),
    Trade("Printing", "print"),
    Trade("Electric", "electric"),
    Trade("Roofing", "roofing"),
    Trade("Florist", "flowers"),
    Trade("Outfitters", "outfitters"),
    Trade("Pharmacy", "rx"),
    Trade("Coffee Roasters", "coffee"),
    Trade("Music", "music"),
    Trade("Chiropractic", "chiro"),
    Trade("Excavating", "dig"),
    Trade("Community Church", "church"),
    Trade("Little League", "league"),
    Trade("Quilts", "quilts"),
)

# Businesses whose domain is written with more than ASCII, and that domain.
UNICODE_BUSINESSES = (
    ("Café Umpqua", "café-umpqua.example"),
    ("Jalapeño Grill", "jalapeño-grill.example"),
    ("Müller Cheese", "müller-cheese.example"),
    ("Piñon Pottery", "piñonpottery.example"),
    ("Señor Taco", "señortaco.example"),
    ("日本庭園 Okada Gardens", "岡田庭園.example"),
)

CUSTOMER_NOTES = (
    "Please call after 5 pm, works at the mill.",
    "Pays by check, always on the 3rd.",
    "Hard of hearing: speak slowly, or write.",
    "The router stands in the barn; ask for Tom.",
    "Wants the bill on paper.",
    "Moved here from the old server in 2019. Still uses POP3 at home.",
    "Speaks Spanish, asks for Lupe.",
    "Two houses on one account; the second one is empty in winter.",
    "Asked about DSL at the new shop, call back in spring.",
)
