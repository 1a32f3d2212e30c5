"""What people, repairs and conversations in the demo store are called; all of it made up."""

from __future__ import annotations

from typing import Final, NamedTuple

FIRST: Final = [
    "Sofia",
    "Per",
    "Ngozi",
    "Minh-Anh",
    "Desmond",
    "Leila",
    "Jan",
    "Tyrell",
    "Emi",
    "Ramón",
    "Grace",
    "Yusuf",
    "Odette",
    "Irina",
    "Malcolm",
    "Aiko",
    "Bruno",
    "Carmen",
    "Dmitri",
    "Elena",
    "Farah",
    "Gustavo",
    "Hana",
    "Ibrahim",
    "Jasmine",
    "Kofi",
    "Lucía",
    "Mateo",
    "Nadia",
    "Oscar",
    "Priya",
    "Quentin",
    "Rosa",
    "Samir",
    "Tamika",
    "Umar",
    "Valeria",
    "Walter",
    "Ximena",
    "Yara",
    "Zoë",
    "Andre",
    "Beatrix",
    "Curtis",
    "Dolores",
    "Ethan",
    "Fiona",
    "Gilbert",
    "Helga",
    "Isaac",
]
LAST: Final = [
    "Marchetti",
    "Lindqvist",
    "Okafor",
    "Tran",
    "Bell",
    "Haddad",
    "Kowalski",
    "Johnson",
    "Nakamura",
    "Alvarez",
    "Whitfield",
    "Ibrahim",
    "St.Clair",
    "Petrov",
    "Greene",
    "Boateng",
    "Osei",
    "Dawson",
    "Abernathy",
    "Castellanos",
    "Delgado",
    "Eriksen",
    "Fontaine",
    "Gupta",
    "Hollis",
    "Ivanova",
    "Jankowski",
    "Keane",
    "Larsson",
    "Mbeki",
    "Novak",
    "O'Rourke",
    "Pereira",
    "Quiñones",
    "Rosenthal",
    "Sandoval",
    "Takahashi",
    "Ueda",
    "Villanueva",
    "Washington",
    "Xiong",
    "Yamamoto",
    "Zielinski",
    "Brandt",
    "Chukwu",
    "Dubois",
    "Espinoza",
    "Farrow",
    "Goldberg",
    "Hargrove",
]
COMPANIES: Final = (
    "Riverbend Plumbing", "Lakeside Catering", "Two Pines Landscaping", "Harbor Courier", "Summit Roofing",
    "Cedar Street Bakery", "Bluebird Home Care", "Granite Electric", "Old Mill Brewery", "Prairie Pest Control",
)  # fmt: skip
COLOURS: Final = ("white", "black", "silver", "grey", "blue", "red", "green", "bronze")
STREETS: Final = ("Alder", "Birch", "Canal", "Depot", "Elm", "Foundry", "Grant", "Hillcrest", "Juniper", "Mill")


class Repair(NamedTuple):
    """One kind of work: what the customer says, what is found, hours, labour in dollars, and the parts it takes."""

    complaint: str
    op_code: str
    cause: str
    hours: float
    labour: int
    parts: tuple[str, ...] = ()
    severity: str = "none"


REPAIRS: Final = (
    Repair("Oil and filter service", "LOF", "due by mileage", 0.5, 45, ("oil_filter", "engine_oil")),
    Repair("Coolant leak: water pump", "WPMP", "pump seal weeping", 3.4, 640, ("water_pump", "coolant", "thermostat")),
    Repair("Front brake pads, 3 mm", "BRKF", "worn to 3 mm", 1.4, 210, ("front_pads",), "red"),
    Repair("Rear brakes grind", "BRKR", "pads to the metal", 1.8, 260, ("rear_pads", "rear_rotors"), "red"),
    Repair("Hums at speed, left front", "HUBF", "hub bearing rough", 1.6, 240, ("hub",)),
    Repair("No start this morning", "STRT", "battery fails load test", 0.4, 60, ("battery",)),
    Repair("A/C blows warm", "ACDG", "condenser leak", 2.6, 390, ("condenser", "refrigerant")),
    Repair("Check engine light: misfire", "MISF", "coil on cylinder 3", 1.1, 170, ("coil", "spark_plugs")),
    Repair("Clunk over bumps", "SUSP", "sway-bar links loose", 1.2, 180, ("sway_links",), "yellow"),
    Repair("Pulls to the right", "ALGN", "out of alignment", 1.0, 129),
    Repair("Transmission shudder", "TRNS", "fluid burnt; module updated", 2.2, 420, ("trans_fluid",)),
    Repair("Click when turning", "CVAX", "right CV axle torn", 1.9, 285, ("cv_axle",)),
    Repair("Fuel smell after filling", "FUEL", "pump module seal", 2.4, 360, ("fuel_pump",)),
    Repair("Window will not go up", "WNDR", "regulator broken", 1.3, 195, ("regulator",)),
    Repair("Tires worn, four", "TIRE", "2/32 left", 1.2, 120, ("tire",), "yellow"),
    Repair("Cabin smells musty", "CABF", "filter clogged", 0.3, 40, ("cabin_filter",), "yellow"),
    Repair("Recall: rear camera", "RCL1", "campaign", 0.8, 0, ("camera",)),
    Repair("Headlamp out, driver side", "LAMP", "module failed", 0.9, 140, ("headlamp",)),
    Repair("Transfer case whine", "TCSE", "module and fluid", 3.1, 520, ("transfer_module",)),
    Repair(
        "Scheduled maintenance, major", "SMAJ", "due by mileage", 2.5, 349, ("engine_oil", "oil_filter", "cabin_filter")
    ),
    Repair("Wipers streak", "WIPR", "blades torn", 0.2, 20, ("wipers",), "yellow"),
    Repair("Mirror glass cracked", "MIRR", "hit in a car park", 0.7, 90, ("mirror",)),
)


RECALL: Final = "RCL1"
UPKEEP: Final = frozenset({"LOF", "SMAJ", "BRKF", "BRKR", "ALGN", "TIRE", "CABF", "WIPR", "MIRR"})
"""What wears or is broken: no warranty pays for it."""
ESTIMATED: Final = tuple(repair for repair in REPAIRS if repair.op_code not in {RECALL, "LOF", "SMAJ"})
"""What a customer is asked about first; a recall costs nothing, and whoever books a service has asked for it."""
QTY: Final = {"tire": 4}
"""Of what one is not enough."""


class Part(NamedTuple):
    """A part: its words, the stem of its number, its price in dollars, and whether it is on the shelf as a rule."""

    words: str
    stem: str
    price: int
    stocked: bool


PARTS: Final = {
    "oil_filter": Part("Oil filter", "15400", 14, True),
    "engine_oil": Part("Engine oil 0W-20", "OIL-020", 42, True),
    "water_pump": Part("Water pump kit", "06L-121", 284, False),
    "coolant": Part("Coolant", "G-12E", 28, True),
    "thermostat": Part("Thermostat housing", "06K-121", 96, False),
    "front_pads": Part("Front brake pad set", "45022", 88, True),
    "rear_pads": Part("Rear brake pad set", "43022", 79, True),
    "rear_rotors": Part("Rear rotor", "42510", 74, False),
    "hub": Part("Hub assembly, front", "43550", 212, False),
    "battery": Part("Battery, group 35", "BAT-35", 189, True),
    "condenser": Part("A/C condenser", "80110", 318, False),
    "refrigerant": Part("Refrigerant", "R-1234", 64, True),
    "coil": Part("Ignition coil", "90919", 92, False),
    "spark_plugs": Part("Spark plug set", "22401", 56, True),
    "sway_links": Part("Sway-bar link", "51320", 38, True),
    "trans_fluid": Part("Transmission fluid", "ATF-WS", 74, True),
    "cv_axle": Part("CV axle, right", "23221", 264, False),
    "fuel_pump": Part("Fuel pump module", "84123", 402, False),
    "regulator": Part("Window regulator", "72250", 148, False),
    "tire": Part("All-season tire", "TIR-235", 168, True),
    "cabin_filter": Part("Cabin filter", "87139", 24, True),
    "camera": Part("Rear camera", "39530", 176, False),
    "headlamp": Part("Headlamp module", "33150", 356, False),
    "transfer_module": Part("Transfer case module", "5C3Z-7E453", 688, False),
    "wipers": Part("Wiper blade set", "85222", 32, True),
    "hardware": Part("Clip and bolt set", "90467", 11, True),
    "mirror": Part("Door mirror, heated", "87910", 412, False),
}
SUPPLIERS: Final = (
    "Maker's depot",
    "Regional parts hub",
    "Tri-County Auto Parts",
    "Sister store",
    "Aftermarket Direct",
)
SLIPS: Final = {
    "Maker's depot": (-4, -3, -1, -1, 0, 0),
    "Regional parts hub": (-5, -4, -2, 0, 24, 24),
    "Tri-County Auto Parts": (-2, 0, 0, 24, 24, 48),
    "Sister store": (-6, -4, -3, -1, -1, 0),
    "Aftermarket Direct": (-1, 0, 24, 24, 48, 96),
}
"""How many hours of the store's working days after its date each supplier brings a part, every time as likely."""
DECLINED: Final = ("next month", "too much today", "will do it at the next visit", "wants a second opinion")
UGLY_NAMES: Final = (
    "Wolfeschlegelsteinhausenbergerdorff-Montgomery-Featherstonehaugh, Maximiliana Theodora Alexandrina",
    "山田, 太郎", "김, 민준", "محمد عبد الرحمن", "Nguyễn, Thị Bích Ngọc", "שרה כהן", "Ελευθερία, Παπαδοπούλου",
    "राजेश, शर्मा", "สมชาย ใจดี", "Анна-Мария, Воскресенская", "O’Neill-Ó Súilleabháin, Siobhán", "🚗 Fleet & Co 🛠️",
    "<b>Bold</b>, <img src='//x/y'>", "''; DROP TABLE customer; --", "Ⅷ, ﬃ", "é, é", "X", "", "Null, None",
)  # fmt: skip
CALLED_OFF: Final = ("sold the car", "has to work", "took it elsewhere", "it stopped doing it")
MOVED: Final = ("no ride that day", "the part is not in yet", "away on business", "wants a Saturday")
OWED: Final = (
    "Second key and floor mats", "All-weather mats", "Touch up the left rear door", "Tow hitch", "Roof rails",
    "Fill the tank at the first service", "Window tint",
)  # fmt: skip
ASKED: Final = {
    "service": ("Can I bring it in this week?", "How long does an oil change take?", "A light came on this morning."),
    "reschedule": ("I cannot make it tomorrow. Is there another day?", "Could we move to the afternoon?"),
    "sales": ("Is the white one still there?", "What would you give me for my car?"),
    "parts": ("Do you have wiper blades for mine?", "What does a second key cost?"),
}
CALLED_BACK: Final = (
    {"outcome": "reached", "body": "Called back about the request."},
    {"outcome": "voicemail", "body": "Left word about the request."},
)
COMPLAINED: Final = (
    "Waited an hour past the time I was promised.",
    "Nobody called me back.",
    "The noise is still there.",
)
