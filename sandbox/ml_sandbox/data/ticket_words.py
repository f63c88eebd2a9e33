"""What people of a generated ticket world are called, and what they write."""

# Names in their own alphabets are what this file is for.

ODD_NAMES = (
    "Cher",
    "Dr. José María de la Cruz y Ortega",
    "O'Brien, Pat",
    "Anna  Maria   Weiß",
    "山田 太郎",
    "محمد عبد الله",
    "Ludwig van Beethoven III",
    "Zoë 🚀 Smith",
    "someone@example.org",
    "-",
    "Ng",
    "Mr. X",
    "Jean-Luc D'Arc-Étoile",
    "'; DROP TABLE users; --",
    "<b>Bold</b> & Co",
    "Ivan Petrov (Support)",
    "X Æ A-12",
    "Wolfe" * 30,
)

SUBJECTS = (
    "The printer prints only every second page",
    "Invoice {number} shows the wrong address",
    "Where is my parcel?",
    "Kann mich nicht anmelden",
    "¿Cómo cambio mi contraseña?",
    "注文 {number} について",
    "Refund for order {number}",
    "Machine stops after {number} minutes",
    "Question about the price list",
    "Re: Fwd: Re: delivery",
    "App crashes on start 😡",
    "Please close my account",
)

SENTENCES = (
    "It worked yesterday, and nothing was changed since.",
    "The order number is {number}.",
    "Wir haben das Gerät bereits neu gestartet.",
    "Could you look into it, please?",
    "Merci d'avance pour votre réponse rapide !",
    "The total should be 1.250,00 €, not 1,250.00 €.",
    'It says "Error <{number}>: value & unit do not match".',
    "ありがとうございます。",
    "See line 3:\n\tname;price\n\tBolt;0,12",
    "I tried it three times 🙁",
    "Best regards",
    "שלום, תודה רבה",
)

ANSWERS = (
    "Thank you for your message, we are looking into it.",
    "A replacement is on its way, number {number}.",
    "Could you send us a photograph?",
    "Dies ist im nächsten Update behoben.",
    "Please try again now.",
)

NOTES = (
    "Spoke to the warehouse: part {number} is back on Monday.",
    "The customer is upset, handle with care.",
    "Same cause as last week.",
)

ROBOT = ("I found an article that may help.", "Let me hand you over to a colleague.")

TAGS = (
    "vip",
    "billing",
    "delivery",
    "login",
    "hardware",
    "rückfrage",
    "beta_2",
    "closed_by_bot",
    "escalated",
)

CHANNELS = (
    "web",
    "email",
    "api",
    "chat",
    "phone",
    "voice",
    "facebook",
    "twitter",
    "mobile_sdk",
    "mobile",
    "web_widget",
    "help_center",
    "sms",
    "whatsapp",
    "native_messaging",
    "any_channel",
    "sample_ticket",
)
"""By the first of each ticket's comments; those that only some plans have are among them."""

BARE_CHANNELS = frozenset({"chat", "sample_ticket"})
"""Their ``via`` has no source."""
