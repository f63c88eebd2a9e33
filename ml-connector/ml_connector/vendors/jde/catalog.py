"""The tables of address book, customer and supplier master, payables and purchasing.

Columns, keys and types as a delivered 9.2 schema has them; of the wider tables those with a documented
meaning. Any others are given by the setting `tables`.
"""

from __future__ import annotations

from ml_connector.vendors.jde.tables import Table, columns_of

_AUDIT = "USER PID JOBN"

F0101 = Table(
    "F0101",
    ("AN8",),
    columns_of(
        "ALKY TAX ALPH DC MCU SIC LNGP AT1 CM TAXC AT2 AT3 AT4 AT5 ATP ATR ATPR ATE AB3 SBLI AC01..AC30 "
        "GLBA MSGA RMK TXCT TX2 ALP1 URCD URRF PRGF SCCLTP TICKER EXCHG DUNS CLASS01..CLASS05 YEARSTAR "
        f"AEMPGP ACTIN REVRNG {_AUDIT}",
        integers="AN8 AN81..AN86 UPMT",
        numbers="PTI URAT URAB NOE GROWTHR SYNCS CAAD",
        dates="EFTB PDI URDT UPMJ",
    ),
)
F0111 = Table(
    "F0111",
    ("AN8", "IDLN"),
    columns_of(
        "MLNM ATTL REM1 SLNM ALPH DC GNNM MDNM SRNM TYC W001..W010 MLN1 ALP1 NTYP NICK GEND WN001..WN010 "
        f"FUCO PCM PCF ACTIN CFRGUID {_AUDIT}",
        integers="AN8 IDLN UPMT",
        numbers="DSS5 DDATE DMON DYR SYNCS CAAD",
        dates="UPMJ",
    ),
)
F0115 = Table(
    "F0115",
    ("AN8", "IDLN", "CNLN", "RCK7"),
    columns_of(
        f"PHTP AR1 PH1 GEN1 FALGE {_AUDIT}",
        integers="AN8 IDLN CNLN RCK7 UPMT",
        numbers="CFNO1 SYNCS CAAD",
        dates="UPMJ",
    ),
)
F01151 = Table(
    "F01151",
    ("AN8", "IDLN", "RCK7"),
    columns_of(
        f"ETP EMAL EFOR ECLASS GEN1 FALGE {_AUDIT}",
        integers="AN8 IDLN RCK7 UPMT",
        numbers="EHIER CFNO1 SYNCS CAAD",
        dates="UPMJ",
    ),
)
F0116 = Table(
    "F0116",
    ("AN8", "EFTB"),
    columns_of(
        f"EFTF ADD1..ADD4 ADDZ CTY1 COUN ADDS CRTE BKML CTR {_AUDIT}",
        integers="AN8 UPMT",
        numbers="SYNCS CAAD",
        dates="EFTB UPMJ",
    ),
)
F03012 = Table(
    "F03012",
    ("AN8", "CO"),
    columns_of(
        "CO ARC MCUR OBAR AIDR KCOR DTAR CRCD TXA1 EXR1 HDAR TRAR STTO RYIN STMT ATCS SITO SQNL ALGM CYCN "
        "TSTA DNLT PLCR CMGR CLMG COLL AFC ABC1..ABC3 BADT CPGP ORTP INMG HOLD ROUT STOP ZON FRTH PORQ PRIO "
        f"ASN CRMD AC01..AC30 SLPG BYAL BSC {_AUDIT}",
        integers="AN8 ARPY AN8R CARS UPMT",
        numbers="DCAR ACL TRDC AMCR SYNCS CAAD",
        dates="DLC RVDJ DAOJ UPMJ",
        instants="DTEE",
    ),
)
F0401 = Table(
    "F0401",
    ("AN8",),
    columns_of(
        "APC MCUP OBAP AIDP KCOP DTAP CRRP TXA2 EXR2 TXA3 EXR3 HDPY TRAP SCK PYIN SQNL CRCA BADT CPGP ORTP "
        f"HOLD FRTH CRMD AVCH VI01..VI05 MNSC ATO RVNT ATRL {_AUDIT}",
        integers="AN8 SNTO AN8R ANCR UPMT",
        numbers="DCAP TAWH PCWH FLD AYPD APPD ABAM SYNCS CAAD",
        dates="UPMJ",
    ),
)
F0411 = Table(
    "F0411",
    ("DOC", "DCT", "KCO", "SFX", "SFXE"),
    columns_of(
        f"KCO DCT SFX CO ICUT PST CRCD VINV PO PDCT RMK PTC VOD {_AUDIT}",
        integers="DOC SFXE AN8 PYE ICU UPMT",
        numbers="AG AAP ATXA STAM ACR FAP SYNCS CAAD",
        dates="DIVJ DDJ DGJ UPMJ",
    ),
)
F4301 = Table(
    "F4301",
    ("DOCO", "DCTO", "KCOO", "SFXO"),
    columns_of(
        f"DCTO KCOO SFXO MCU PTC HOLD CRCD ORBY {_AUDIT}",
        integers="DOCO AN8 SHAN TDAY",
        numbers="OTOT",
        dates="DRQJ TRDJ UPMJ",
    ),
)
TABLES: dict[str, Table] = {
    table.name: table for table in (F0101, F0111, F0115, F01151, F0116, F03012, F0401, F0411, F4301)
}
"""Every known table by name."""
