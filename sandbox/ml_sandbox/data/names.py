"""Words from which the generator builds companies, people and places."""

# Names in their own alphabets are what this file is for.
# ruff: noqa: RUF001

import unicodedata


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FAMILY = _words(
    "Müller Nowak García Öztürk O'Brien Lefèvre Sørensen Håkansson Kovács Dvořák Wiśniewska Ionescu Silva "
    "Fernández Rossi Bianchi Janssen Virtanen Jónsdóttir Schäfer Weiß Dubois Moreau Novotný Horvat Petrović "
    "Yılmaz Tanaka Suzuki Nguyễn Chen Wang Kim Park Singh Patel Khan Haddad Cohen Smith Johnson Brown Taylor "
    "Campbell Murphy Walker Young Wright Baker Hughes Ortega Núñez Peña Gonçalves Araújo D'Angelo Lindqvist "
    "Bjørnstad Grünwald Kröger Strauß Béranger Saint-Clair Vandenberg Desmet McAllister"
)

GIVEN = _words(
    "Anna Björn Chloé Dmitri Elif François Gülay Håkon Inés Jürgen Katarzyna Léa Matěj Noémie Øystein Paulo "
    "Quentin Renée Søren Tomáš Ümit Viktor Wanda Ximena Yuki Zoë Amir Beatriz Carlos Diana Emre Fiona George "
    "Hana Ivan Julia Kenji Laura Mohamed Nadia Oliver Priya Rafael Sofia Thomas Ursula William Aoife"
)

TRADES = _words(
    "Foods Logistics Systems Textiles Components Marine Energy Packaging Instruments Chemicals Furniture "
    "Plastics Robotics Ceramics Optics Breweries Steelworks Printing Pharma Timber Tools Seeds Electronics "
    "Aviation Glass Dairy Mills Motors Networks Paper Bearings Coatings Pumps Valves Cables Fasteners"
)

QUALITIES = _words(
    "Northern Blue Alpine Coastal Grand Prime United Pacific Baltic Silver Allied Central Golden Iberian "
    "Nordic Royal Green Summit Atlas Vanguard Pioneer Continental Crystal Delta Evergreen Falcon Harbour "
    "Imperial Juniper Keystone Lumière Meridian Orion Polaris Quantum Rápido Süd Tri-State Ultra Émile"
)

TITLES = (
    "Purchasing Manager",
    "Accounts Payable Clerk",
    "Owner",
    "Sales Representative",
    "Chief Financial Officer",
    "Order Administrator",
    "Plant Manager",
    "Assistant Sales Agent",
)

STREETS = (
    "Main Street",
    "Hauptstraße",
    "Rue de l'Église",
    "Calle Mayor",
    "Via Garibaldi",
    "Storgatan",
    "Industrial Way",
    "Market Square",
    "Avenida da República",
    "Ulica Długa",
    "Harbour Road",
    "Bahnhofstraße",
    "Mill Lane",
    "Boulevard Saint-Michel",
)

# country code, region, city, first digits of the postal code, dialling code, legal form, currency
PLACES = (
    ("US", "CA", "San José", "951", "1", "Inc.", "USD"),
    ("US", "NY", "New York", "100", "1", "LLC", "USD"),
    ("US", "TX", "Austin", "787", "1", "Corp.", "USD"),
    ("US", "IL", "Chicago", "606", "1", "Inc.", "USD"),
    ("CA", "QC", "Montréal", "H2X", "1", "Ltée", "CAD"),
    ("GB", "", "Manchester", "M1", "44", "Ltd", "GBP"),
    ("DE", "Bayern", "München", "803", "49", "GmbH", "EUR"),
    ("DE", "", "Köln", "506", "49", "GmbH & Co. KG", "EUR"),
    ("FR", "", "Orléans", "450", "33", "S.à r.l.", "EUR"),
    ("ES", "A Coruña", "A Coruña", "150", "34", "S.A.", "EUR"),
    ("IT", "MI", "Milano", "201", "39", "S.p.A.", "EUR"),
    ("SE", "", "Malmö", "211", "46", "AB", "SEK"),
    ("PL", "", "Łódź", "90-", "48", "Sp. z o.o.", "PLN"),
    ("BR", "SP", "São Paulo", "010", "55", "Ltda.", "BRL"),
    ("JP", "", "Ōsaka", "530", "81", "K.K.", "JPY"),
    ("TR", "", "İstanbul", "340", "90", "A.Ş.", "TRY"),
)

EMOJI = ("🚀", "🌿", "☕", "🧀")

PRODUCTS = (
    "Ball bearing 6204",
    "Stainless hex bolt M8 × 40",
    "Café arabica, 1 kg",
    "Corrugated box 60 × 40 × 40",
    "Hydraulic pump, 12 V",
    "Olive oil, 5 l",
    "Copper cable 3 × 2.5 mm²",
    "Safety glasses",
    "Laser printer toner, black",
    "Oak panel, 200 × 60 cm",
    "LED tube, 120 cm",
    "Pressure valve ½ in",
    "Crème brûlée dessert mix",
    "Steel sheet, 2 mm",
    "Label roll, 1,000 pieces",
    "Servo motor 400 W",
)

CLASSES = ("WHOLESALE", "RETAIL", "DISTRIBUTOR", "GOVERNMENT", "")


def plain(word: str) -> str:
    """Give a word without accents: `Müller` becomes `Muller`, letters such as `ø` are spelled out."""
    spelled = word.translate(_SPELLED)
    letters = unicodedata.normalize("NFKD", spelled)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_SPELLED = str.maketrans({"ø": "o", "Ø": "O", "ß": "ss", "ı": "i", "ł": "l", "Ł": "L", "æ": "ae", "đ": "d"})
