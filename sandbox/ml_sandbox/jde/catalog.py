"""The tables that the data service can browse, with keys and columns (columns: JDEQuery's metadata)."""

from dataclasses import dataclass

from ml_sandbox.jde.dictionary import ITEMS, Item, spread

AUDIT = "USER PID JOBN UPMJ UPMT SYNCS CAAD"


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table.

    Attributes:
        name: its name, ``F0101``.
        title: its description.
        key: aliases of its unique key, in order.
        columns: the dictionary item of every column by alias, in order.
        time: the alias that holds the time of the last update beside ``UPMJ``; "" when there is none.
    """

    name: str
    title: str
    key: tuple[str, ...]
    columns: dict[str, Item]
    time: str = "UPMT"

    @property
    def stamped(self) -> bool:
        """Whether rows carry the date of their last update."""
        return "UPMJ" in self.columns


def _table(name: str, title: str, key: str, columns: str, time: str = "UPMT") -> TableSpec:
    aliases = [alias for word in columns.split() for alias, _ in spread(word)]
    return TableSpec(name, title, tuple(key.split()), {alias: ITEMS[alias] for alias in aliases}, time)


_SPECS = (
    _table(
        "F0101", "Address Book Master", "AN8",
        "AN8 ALKY TAX ALPH DC MCU SIC LNGP AT1 CM TAXC AT2 AT3 AT4 AT5 ATP ATR ATPR AB3 ATE SBLI EFTB "
        "AN81-86 AC01-30 GLBA PTI PDI MSGA RMK TXCT TX2 ALP1 URCD URDT URAT URAB URRF PRGF SCCLTP TICKER "
        f"EXCHG DUNS CLASS01-05 NOE GROWTHR YEARSTAR AEMPGP ACTIN REVRNG {AUDIT}",
    ),
    _table(
        "F0111", "Address Book - Who's Who", "AN8 IDLN",
        "AN8 IDLN DSS5 MLNM ATTL REM1 SLNM ALPH DC GNNM MDNM SRNM TYC W001-010 MLN1 ALP1 NTYP NICK GEND "
        f"DDATE DMON DYR WN001-010 FUCO PCM PCF ACTIN CFRGUID {AUDIT}",
    ),
    _table(
        "F0115", "Address Book - Phone Numbers", "AN8 IDLN CNLN RCK7",
        f"AN8 IDLN RCK7 CNLN PHTP AR1 PH1 CFNO1 GEN1 FALGE {AUDIT}",
    ),
    _table(
        "F01151", "Electronic Address", "AN8 IDLN RCK7",
        f"AN8 IDLN RCK7 ETP EMAL EHIER EFOR ECLASS CFNO1 GEN1 FALGE {AUDIT}",
    ),
    _table(
        "F0116", "Address by Date", "AN8 EFTB",
        f"AN8 EFTB EFTF ADD1-4 ADDZ CTY1 COUN ADDS CRTE BKML CTR {AUDIT}",
    ),
    _table(
        "F01161", "Alternate Address", "AN8 IDLN ATYPE EFTB",
        f"AN8 IDLN ATYPE EFTB EFTE MLNM ADD1-4 ADDZ CTY1 COUN ADDS CTR {AUDIT}",
    ),
    _table("F0150", "Address Organization Structure", "OSTP PA8 AN8", f"OSTP PA8 AN8 DSS5 RMK {AUDIT}"),
    _table(
        "F03012", "Customer Master by Line of Business", "AN8 CO",
        "AN8 CO ARC MCUR OBAR AIDR KCOR DCAR DTAR CRCD TXA1 EXR1 ACL HDAR TRAR STTO RYIN STMT ARPY ATCS "
        "SITO SQNL ALGM CYCN TSTA DLC DNLT PLCR RVDJ CMGR CLMG COLL AFC ABC1-3 DAOJ AN8R BADT CPGP ORTP "
        "TRDC INMG HOLD ROUT STOP ZON CARS FRTH PORQ PRIO ASN CRMD AMCR AC01-30 SLPG BYAL BSC DTEE "
        f"{AUDIT}",
    ),
    _table(
        "F0401", "Supplier Master", "AN8",
        "AN8 APC MCUP OBAP AIDP KCOP DCAP DTAP CRRP TXA2 EXR2 HDPY TXA3 EXR3 TAWH PCWH TRAP SCK PYIN SNTO "
        "FLD SQNL CRCA AYPD APPD ABAM AN8R BADT CPGP ORTP HOLD ANCR FRTH CRMD AVCH VI01-05 MNSC ATO RVNT "
        f"ATRL {AUDIT}",
    ),
    _table(
        "F0411", "Accounts Payable Ledger", "DOC DCT KCO SFX SFXE",
        "KCO DOC DCT SFX SFXE AN8 PYE DIVJ DDJ DGJ CO ICUT ICU PST AG AAP ATXA STAM CRCD ACR FAP VINV PO "
        f"PDCT RMK PTC VOD {AUDIT}",
    ),
    _table(
        "F4301", "Purchase Order Header", "DOCO DCTO KCOO SFXO",
        "KCOO DOCO DCTO SFXO MCU AN8 SHAN DRQJ TRDJ PTC HOLD OTOT CRCD ORBY USER PID JOBN UPMJ TDAY", "TDAY",
    ),
    _table(
        "F0101Z2", "Address Book - Interoperability", "EDUS EDBT EDTN EDLN",
        "EDUS EDTY EDTN EDLN EDSP EDBT TNAC AN8 ALKY TAX ALPH DC MCU MLNM ADD1-4 ADDZ CTY1 COUN ADDS CTR "
        f"SIC LNGP AT1 CM TAXC ATP ATR EFTB AC01-30 RMK TXCT TX2 ALP1 PHTP AR1 PH1 {AUDIT}",
    ),
    _table("F9210", "Data Field Specifications", "DTAI", "DTAI OWTP DTAS CDEC", ""),
)  # fmt: skip

TABLES: dict[str, TableSpec] = {spec.name: spec for spec in _SPECS}
"""Every table by name."""

DICTIONARY_TABLE = "F9210"
