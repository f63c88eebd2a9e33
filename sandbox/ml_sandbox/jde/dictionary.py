"""The data dictionary: what each alias holds, whichever table it stands in (names and sizes: JDEQuery)."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How a column is stored; the value is the dictionary's type code OWTP."""

    NUMBER = 9
    TEXT = 2
    DATE = 11
    UTIME = 55


@dataclass(frozen=True, slots=True)
class Item:
    """One alias.

    Attributes:
        alias: its name, without the prefix of a table.
        kind: what it holds.
        size: characters of a text, digits of a number.
        decimals: how many digits of a number are decimals.
        caption: what a person reads above the column.
        right: whether a text is stored right-justified (business units).
    """

    alias: str
    kind: Kind
    size: int
    decimals: int = 0
    caption: str = ""
    right: bool = False


# Texts: alias, size, caption. `NAME01-05` stands for five aliases.
_TEXTS = """
ALKY 20 Long Address Number|TAX 20 Tax ID|ALPH 40 Alpha Name|DC 40 Description Compressed
SIC 10 Industry Classification|LNGP 2 Language|AT1 3 Search Type|CM 2 Credit Message
TAXC 1 Person/Corporation Code|AT2 1 A/P Flag|AT3 1 User Code|AT4 1 Address Type 4|AT5 1 Subledger Inactive
ATP 1 Payables Y/N/M|ATR 1 Receivables Y/N|ATPR 1 User Defined|ATE 1 Employee Y/N|AB3 1 Miscellaneous 3
SBLI 1 Subledger Inactive Code|AC01-30 3 Category Code|GLBA 8 G/L Bank Account|MSGA 1 Message|RMK 30 Remark
TXCT 20 Certificate|TX2 20 Additional Tax ID|ALP1 40 Secondary Alpha Name|URCD 2 User Reserved Code
URRF 15 User Reserved Reference|PRGF 1 Program Flag|SCCLTP 2 Service Client Type|TICKER 10 Ticker
EXCHG 10 Exchange|DUNS 13 DUNS Number|CLASS01-05 3 Classification Code|YEARSTAR 15 Year Started
AEMPGP 5 Employee Group|ACTIN 1 Active|REVRNG 5 Revenue Range|USER 10 User ID|PID 10 Program ID
JOBN 10 Work Station ID|MLNM 40 Mailing Name|ATTL 40 Contact Title|REM1 40 Remark Line 1
SLNM 40 Salutation Name|GNNM 25 Given Name|MDNM 25 Middle Name|SRNM 25 Surname|TYC 1 Type Code
W001-010 3 Who's Who Category|MLN1 40 Secondary Mailing Name|NTYP 3 Type|NICK 40 Nickname|GEND 1 Gender
WN001-010 3 Who's Who Code|FUCO 10 Function Code|PCM 10 Preferred Contact Method|PCF 3 Contact Flag
CFRGUID 36 Record GUID|PHTP 4 Phone Type|AR1 6 Prefix|PH1 20 Phone Number|GEN1 10 Generic 1|FALGE 1 Flag
ETP 4 Electronic Address Type|EMAL 256 Electronic Address|EFOR 15 Format|ECLASS 3 Category
EFTF 1 Effective Date Flag|ADD1-4 40 Address Line|ADDZ 12 Postal Code|CTY1 25 City|COUN 25 County
ADDS 3 State|CRTE 4 Carrier Route|BKML 2 Bulk Mailing Center|CTR 3 Country|CO 5 Company|ARC 4 G/L Offset
OBAR 6 Object A/R|AIDR 8 A/R Account ID|KCOR 5 Document Company|DTAR 2 Document Type|CRCD 3 Currency Code
TXA1 10 Tax Rate/Area|EXR1 2 Tax Explanation Code|HDAR 1 Hold Invoices|TRAR 3 Payment Terms A/R
STTO 1 Send Statement to|RYIN 1 Payment Instrument|STMT 1 Print Statement Y/N|ATCS 1 Auto Receipt
SITO 1 Send Invoice to|SQNL 1 Number of Days|ALGM 2 Amount Display|CYCN 2 Statement Cycle
TSTA 2 Temporary Credit Message|DNLT 1 Delinquency Letter|PLCR 10 Person Opening Account
CMGR 10 Credit Manager|CLMG 10 Collection Manager|COLL 1 Collection Report Y/N|AFC 1 Apply Finance Charges
ABC1-3 1 ABC Code|BADT 1 Billing Address Type|CPGP 8 Customer Price Group|ORTP 8 Order Template
INMG 10 Print Message|HOLD 2 Hold Orders Code|ROUT 3 Route Code|STOP 3 Stop Code|ZON 3 Zone Number
FRTH 3 Freight Handling Code|PORQ 1 PO Required Y/N|PRIO 1 Priority Processing|ASN 8 Adjustment Schedule
CRMD 1 Send Method|SLPG 10 Selection Group|BYAL 1 Buyer|BSC 10 Business Segment|APC 4 G/L Class
OBAP 6 Object A/P|AIDP 8 A/P Account ID|KCOP 5 Document Company A/P|DTAP 2 Document Type A/P
CRRP 3 Currency Code A/P|TXA2 10 Tax Rate/Area 2|EXR2 2 Tax Explanation Code 2|TXA3 10 Tax Rate/Area 3
EXR3 2 Tax Explanation Code 3|HDPY 1 Hold Payment Code|TRAP 3 Payment Terms A/P|SCK 1 Multiple Checks Y/N
PYIN 1 Payment Instrument A/P|CRCA 3 Address Currency|AVCH 1 Evaluated Receipts|VI01-05 1 Supplier Flag
MNSC 1 Minority Supplier|ATO 1 Automatic Order|RVNT 1 Revenue Netted|ATRL 2 Supplier Restriction
KCO 5 Document Company|DCT 2 Document Type|SFX 3 Pay Item|ICUT 2 Batch Type|PST 1 Pay Status
VINV 25 Supplier Invoice Number|PO 8 Purchase Order|PDCT 2 PO Document Type|PTC 3 Payment Terms
VOD 1 Void Flag|DCTO 2 Order Type|KCOO 5 Order Company|SFXO 3 Order Suffix|ORBY 10 Ordered By
ATYPE 2 Address Type|OSTP 3 Structure Type|EDUS 10 EDI User ID|EDBT 15 EDI Batch Number
EDTN 22 EDI Transaction Number|EDSP 1 EDI Successfully Processed|TNAC 2 Transaction Action
EDTY 1 Type Record|DTAI 10 Data Item|OWTP 2 Data Item Type
"""
_RIGHT = {"MCU": "Business Unit", "MCUR": "Business Unit A/R", "MCUP": "Business Unit A/P"}
# Numbers: alias, digits, decimals, caption.
_NUMBERS = """
AN8 8 0 Address Number|UPMT 6 0 Time Last Updated|SYNCS 8 0 Synchronization Status|CAAD 8 0 Server Status
AN81-86 8 0 Related Address|PTI 6 0 Time Entered|URAT 15 2 User Reserved Amount|URAB 8 0 User Reserved Number
NOE 8 0 Number of Employees|GROWTHR 5 0 Growth Rate|IDLN 5 0 Line ID|DSS5 5 0 Display Sequence
DDATE 2 0 Day of Birth|DMON 2 0 Month of Birth|DYR 4 0 Year of Birth|RCK7 5 0 Sequence Number
CNLN 5 0 Related Person ID|CFNO1 8 0 Generic Number|EHIER 5 0 Messaging Hierarchy
DCAR 8 0 Document Number A/R|ACL 15 0 Credit Limit|ARPY 8 0 Alternate Payor|AN8R 8 0 Related Address Number
TRDC 7 3 Trade Discount|CARS 8 0 Carrier Number|AMCR 15 0 Minimum Order Value|DCAP 8 0 Document Number A/P
TAWH 8 0 Tax Authority|PCWH 5 2 Withholding Percent|SNTO 8 0 Special Payee|FLD 2 0 Float Days
AYPD 15 2 Vouchered Year to Date|APPD 15 2 Vouchered Prior Year|ABAM 15 2 Amount Balance|ANCR 8 0 Carrier
DOC 8 0 Document Number|SFXE 2 0 Pay Item Extension|PYE 8 0 Payee|ICU 8 0 Batch Number|AG 15 2 Gross Amount
AAP 15 2 Open Amount|ATXA 15 2 Taxable Amount|STAM 15 2 Tax Amount|ACR 15 2 Foreign Gross Amount
FAP 15 2 Foreign Open Amount|DOCO 8 0 Order Number|SHAN 8 0 Ship To|OTOT 15 2 Order Gross Amount
TDAY 6 0 Time of Day|PA8 8 0 Parent Number|EDLN 7 3 EDI Line Number|DTAS 5 0 Data Item Size
CDEC 2 0 Display Decimals
"""
_DATES = """
EFTB Effective Date|PDI Date Entered|URDT User Reserved Date|UPMJ Date Updated
DLC Date of Last Credit Review|RVDJ Recall Review Date|DAOJ Date Account Opened|DIVJ Invoice Date
DDJ Due Date|DGJ G/L Date|DRQJ Requested Date|TRDJ Order Date|EFTE Expired Date
"""
_UTIMES = "DTEE Date and Time of Entry"


def _entries(text: str) -> Iterator[list[str]]:
    for line in text.replace("\n", "|").split("|"):
        if line.strip():
            yield line.split()


def spread(name: str) -> Iterator[tuple[str, str]]:
    """Give the aliases that ``AC01-30`` stands for, each with its number; a plain alias alone."""
    first, dash, last = name.partition("-")
    if not dash:
        yield first, ""
        return
    digits = len(first) - len(first.rstrip("0123456789"))
    stem, start = first[:-digits], int(first[-digits:])
    for number in range(start, int(last) + 1):
        yield f"{stem}{number:0{digits}}", f" {number}"


def _items() -> Iterator[Item]:
    for name, size, *words in _entries(_TEXTS):
        for alias, number in spread(name):
            yield Item(alias, Kind.TEXT, int(size), 0, " ".join(words) + number)
    for alias, caption in _RIGHT.items():
        yield Item(alias, Kind.TEXT, 12, 0, caption, right=True)
    for name, size, decimals, *words in _entries(_NUMBERS):
        for alias, number in spread(name):
            yield Item(alias, Kind.NUMBER, int(size), int(decimals), " ".join(words) + number)
    for name, *words in _entries(_DATES):
        yield Item(name, Kind.DATE, 6, 0, " ".join(words))
    for name, *words in _entries(_UTIMES):
        yield Item(name, Kind.UTIME, 11, 0, " ".join(words))


ITEMS: dict[str, Item] = {item.alias: item for item in _items()}
"""Every alias by name."""
