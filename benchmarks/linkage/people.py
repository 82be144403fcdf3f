"""A synthetic population: households, twins, facilities, namesakes, foreigners. Every name is composed by
chance."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

type Ints = npt.NDArray[np.int64]

_SURNAME_FIRST = (
    "田タ 山ヤマ 川カワ 中ナカ 小コ 大オオ 高タカ 松マツ 木キ 石イシ 藤フジ 村ムラ 井イ 上ウエ 西ニシ 東ヒガシ 北キタ 南ミナミ "
    "森モリ 林ハヤシ 吉ヨシ 黒クロ 白シラ 青アオ 金カネ 古フル 新アラ 長ナガ 広ヒロ 竹タケ 杉スギ 桜サクラ 谷タニ 原ハラ 岡オカ "
    "島シマ 橋ハシ 浜ハマ 辺ベ 沢サワ 宮ミヤ 和ワ 福フク 秋アキ 春ハル 夏ナツ 清キヨ 平ヒラ 横ヨコ 渡ワタ 斎サイ 斉サイ 富トミ 桑クワ"
).split()
_SURNAME_SECOND = (
    "田ダ 山ヤマ 川カワ 村ムラ 本モト 野ノ 木キ 井イ 原ハラ 島シマ 崎サキ 沢サワ 橋ハシ 藤フジ 谷タニ 岡オカ 口グチ 上ウエ 下シタ "
    "中ナカ 尾オ 瀬セ 辺ベ 浜ハマ 坂サカ 森モリ 林バヤシ 塚ツカ 越コシ 見ミ 津ツ 池イケ 倉クラ 内ウチ 部ベ 方カタ 永ナガ 城シロ 宮ミヤ 松マツ"
).split()
_MALE_FIRST = (
    "健ケン 賢ケン 建ケン 雄ユウ 勇ユウ 裕ユウ 祐ユウ 大ダイ 翔ショウ 正マサ 雅マサ 昌マサ 和カズ 一カズ 数カズ 英ヒデ 秀ヒデ 浩ヒロ "
    "博ヒロ 弘ヒロ 孝タカ 隆タカ 貴タカ 義ヨシ 良ヨシ 康ヤス 靖ヤス 信ノブ 伸ノブ 俊トシ 利トシ 光ミツ 直ナオ 尚ナオ 亮リョウ 涼リョウ 純ジュン 順ジュン"
).split()
_MALE_SECOND = (
    "一イチ 二ジ 郎ロウ 太タ 介スケ 輔スケ 助スケ 男オ 夫オ 雄オ 人ト 斗ト 彦ヒコ 樹キ 紀ノリ 則ノリ 行ユキ 幸ユキ 之ユキ 志シ 司ジ "
    "治ハル 也ヤ 哉ヤ 平ヘイ 吾ゴ 生オ 明アキ 章アキ 史フミ 文フミ 成ナリ"
).split()
_FEMALE_FIRST = (
    "美ミ 由ユ 優ユ 裕ユ 恵ケイ 啓ケイ 智トモ 友トモ 朋トモ 真マ 麻マ 舞マイ 愛アイ 彩アヤ 綾アヤ 明アキ 秋アキ 千チ 知チ 久ヒサ 尚ヒサ "
    "洋ヨウ 陽ヨウ 葉ヨウ 幸サチ 早サ 佐サ 沙サ 奈ナ 菜ナ 里リ 理リ 梨リ 玲レイ 礼レイ 和カズ 敏トシ 文フミ 史フミ 直ナオ 典ノリ 春ハル 京キョウ 桜サクラ"
).split()
_FEMALE_SECOND = (
    "子コ 子コ 子コ 美ミ 実ミ 恵エ 江エ 枝エ 代ヨ 世ヨ 香カ 花カ 華カ 佳カ 奈ナ 菜ナ 里リ 理リ 織オリ 穂ホ 乃ノ 希キ 紀キ 音ネ 衣イ "
    "葉ハ 月ツキ 加カ 緒オ 帆ホ 利リ 沙サ"
).split()
_FOREIGN_SURNAMES = (
    "NGUYENグエン TRANチャン LEレー PHAMファム WANGワン ZHANGチャン LIUリュウ CHENチェン KIMキム PARKパク LEEイ "
    "SANTOSサントス SILVAシルバ CRUZクルス GARCIAガルシア REYESレイエス SMITHスミス JOHNSONジョンソン SINGHシン SHARMAシャルマ"
).split()
_FOREIGN_GIVEN = (
    "VAN ANヴァン アン THI HOAティ ホア MINHミン LONGロン WEIウェイ MINGミン JIAジア MIN HOミンホ SOO JINスジン JOSEホセ MARIAマリア "
    "ANAアナ CARLOSカルロス LUISルイス ROSAロサ JOHNジョン MARYメアリー ANILアニル PRIYAプリヤ RAMESHラメシュ"
)
_CITIES = (
    "大阪市北区 大阪市中央区 大阪市天王寺区 大阪市住吉区 大阪市西成区 大阪市東淀川区 堺市堺区 堺市北区 堺市南区 東大阪市 豊中市 吹田市 高槻市 枚方市 "
    "茨木市 八尾市 寝屋川市 岸和田市 和泉市 守口市 門真市 箕面市 大東市 松原市 富田林市 羽曳野市 河内長野市 池田市 泉佐野市 摂津市 貝塚市 交野市"
).split()
_TOWN_FIRST = "中 本 新 東 西 南 北 上 下 大 小 高 松 梅 桜 緑 旭 栄 寿 若 宮 神 天 川 山 田 浜 島 岩 石 金 銀 鳥 鶴 亀 竹".split()
_TOWN_SECOND = "之島 町 が丘 ノ宮 田町 山町 川町 本町 ヶ谷 里 野 原 台 沢 橋 津 池 井 園".split()


def _split(words: list[str]) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Written form and reading of items such as ``田タ`` and ``LEEイ``."""
    cut = [next(i for i, letter in enumerate(word) if "ァ" <= letter <= "ヶ") for word in words]
    written = [word[:at] for word, at in zip(words, cut, strict=True)]
    readings = [word[at:] for word, at in zip(words, cut, strict=True)]
    return np.array(written, object), np.array(readings, object)


def _zipf(rng: np.random.Generator, kinds: int, size: int, exponent: float) -> Ints:
    weights = 1 / np.arange(3, kinds + 3) ** exponent
    return rng.choice(kinds, size=size, p=weights / weights.sum())


def _compose(first: list[str], second: list[str], rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """All two-part names in a shuffled (popularity) order, doubled characters left out."""
    (a, ar), (b, br) = _split(first), _split(second)
    names = [
        (x + y, xr + yr) for x, xr in zip(a, ar, strict=True) for y, yr in zip(b, br, strict=True) if x != y
    ]
    order = rng.permutation(len(names))
    return [names[at][0] for at in order], [names[at][1] for at in order]


@dataclass(frozen=True)
class Population:
    """People as codes: texts are looked up when a file is written."""

    surname: Ints
    given: Ints
    sex: Ints
    dob: Ints
    home: Ints
    household: Ints
    foreign: npt.NDArray[np.bool_]
    number: Ints
    names: "Names"
    homes: "Homes"


@dataclass(frozen=True)
class Names:
    """Written forms and readings behind the codes."""

    surnames: pl.Series
    surname_kana: pl.Series
    given: pl.Series
    given_kana: pl.Series


@dataclass(frozen=True)
class Homes:
    """Addresses behind the codes: city, town, three numbers, building text (empty for a house)."""

    city: Ints
    town: Ints
    numbers: npt.NDArray[np.int64]
    room: Ints
    cities: list[str]
    towns: list[str]


def _names(rng: np.random.Generator) -> tuple[Names, dict[str, tuple[int, int]]]:
    surnames, surname_kana = _compose(_SURNAME_FIRST, _SURNAME_SECOND, rng)
    male, male_kana = _compose(_MALE_FIRST, _MALE_SECOND, rng)
    female, female_kana = _compose(_FEMALE_FIRST, _FEMALE_SECOND, rng)
    foreign, foreign_kana = _split(_FOREIGN_SURNAMES)
    given_words = _pairs_of_foreign_given()
    spans = {
        "surname": (0, len(surnames)),
        "foreign": (len(surnames), len(foreign)),
        "male": (0, len(male)),
        "female": (len(male), len(female)),
        "foreign_given": (len(male) + len(female), len(given_words)),
    }
    return Names(
        pl.Series([*surnames, *foreign]),
        pl.Series([*surname_kana, *foreign_kana]),
        pl.Series([*male, *female, *(word for word, _ in given_words)]),
        pl.Series([*male_kana, *female_kana, *(kana for _, kana in given_words)]),
    ), spans


def _pairs_of_foreign_given() -> list[tuple[str, str]]:
    """Given names of one or two words with readings of one or two words."""
    pairs: list[tuple[str, str]] = []
    latin: list[str] = []
    kana: list[str] = []
    for word in _FOREIGN_GIVEN.split():
        at = next((i for i, letter in enumerate(word) if "ァ" <= letter <= "ヶ"), len(word))
        if at and kana:
            pairs.append((" ".join(latin), " ".join(kana)))
            latin, kana = [], []
        if at:
            latin.append(word[:at])
        if word[at:]:
            kana.append(word[at:])
    return [*pairs, (" ".join(latin), " ".join(kana))]


def _households(rng: np.random.Generator, count: int) -> Ints:
    """Household of each person: sizes 1 to 5 as in Japan's census."""
    sizes = rng.choice([1, 2, 3, 4, 5], size=count, p=[0.38, 0.28, 0.17, 0.12, 0.05])
    return np.repeat(np.arange(count), sizes)[:count]


def _birthdays(rng: np.random.Generator, household: Ints) -> Ints:
    """Days since 1920-01-01; members of a household follow one another by generation."""
    place = np.arange(len(household)) - np.searchsorted(household, household)
    base = rng.integers(3_650, 31_000, household.max() + 1)[household]
    children = rng.integers(8_000, 13_000, len(household))
    dob = np.where(
        place == 0, base, np.where(place == 1, base + rng.integers(-1500, 1500, len(base)), base + children)
    )
    dob = np.where(place >= 3, dob + rng.integers(300, 2_000, len(dob)) * (place - 2), dob)
    return np.where((dob < 0) | (dob > 38_299), rng.integers(0, 38_300, len(dob)), dob)


def check_digits(first: Ints) -> Ints:
    """Personal numbers (twelve digits) from their first eleven."""
    total, rest = np.zeros_like(first), first.copy()
    for weight in (2, 3, 4, 5, 6, 7, 2, 3, 4, 5, 6):
        total += rest % 10 * weight
        rest //= 10
    remainder = total % 11
    return first * 10 + np.where(remainder <= 1, 0, 11 - remainder)


def populate(count: int, seed: int) -> Population:
    """Return a population of ``count`` residents."""
    rng = np.random.default_rng(seed)
    names, spans = _names(rng)
    household = _households(rng, count)
    homes_count = int(household.max()) + 1
    foreign = (rng.random(homes_count) < 0.022)[household]
    surname = _zipf(rng, spans["surname"][1], homes_count, 0.85)[household]
    surname = np.where(
        foreign, spans["foreign"][0] + rng.integers(0, spans["foreign"][1], homes_count)[household], surname
    )
    place = np.arange(count) - np.searchsorted(household, household)
    sex = (
        np.where(
            place <= 1, (place + rng.integers(0, 2, homes_count)[household]) % 2, rng.integers(0, 2, count)
        )
        + 1
    )
    male = _zipf(rng, spans["male"][1], count, 0.6)
    female = spans["female"][0] + _zipf(rng, spans["female"][1], count, 0.6)
    given = np.where(sex == 1, male, female)
    given = np.where(
        foreign, spans["foreign_given"][0] + rng.integers(0, spans["foreign_given"][1], count), given
    )
    dob = _birthdays(rng, household)
    twin = np.flatnonzero((place >= 3) & (rng.random(count) < 0.03))
    dob[twin] = dob[twin - 1]
    home = np.arange(homes_count)
    facility = np.flatnonzero(rng.random(homes_count) < 0.01)
    home[facility] = facility[np.arange(len(facility)) // 60 * 60]
    number = check_digits(_distinct_numbers(rng, count))
    return Population(
        surname, given, sex, dob, home[household], household, foreign, number, names, _homes(rng, homes_count)
    )


def _distinct_numbers(rng: np.random.Generator, count: int) -> Ints:
    """Distinct eleven-digit numbers in no order: an affine walk modulo a prime."""
    prime = 99_999_999_977
    step = int(rng.integers(10**10, prime - 1))
    # Python integers would be exact but slow; halves keep each product below 2**63.
    index = np.arange(1, count + 1, dtype=np.int64)
    high, low = step >> 18, step & (2**18 - 1)
    return ((index * high % prime) * 2**18 % prime + index * low) % prime


def _homes(rng: np.random.Generator, count: int) -> Homes:
    towns = [first + second for first in _TOWN_FIRST for second in _TOWN_SECOND]
    city = rng.integers(0, len(_CITIES), count)
    town = rng.integers(0, len(towns), count)
    numbers = np.stack(
        [rng.integers(1, 9, count), rng.integers(1, 40, count), rng.integers(1, 35, count)], axis=1
    )
    room = np.where(rng.random(count) < 0.4, rng.integers(1, 12, count) * 100 + rng.integers(1, 15, count), 0)
    return Homes(city, town, numbers, room, list(_CITIES), towns)
