"""The lists from which fields of a karte choose."""

from django.db import models


class Business(models.TextChoices):
    """The 20 businesses of 地方公共団体情報システムの標準化に関する法律 (令和3年法律第40号), and all others."""

    RESIDENTS = "residents", "住民基本台帳"
    VOTERS = "voters", "選挙人名簿管理"
    PROPERTY_TAX = "property_tax", "固定資産税"
    RESIDENT_TAX = "resident_tax", "個人住民税"
    CORPORATE_TAX = "corporate_tax", "法人住民税"
    LIGHT_VEHICLE_TAX = "light_vehicle_tax", "軽自動車税"
    HEALTH_INSURANCE = "health_insurance", "国民健康保険"
    PENSION = "pension", "国民年金"
    DISABILITY = "disability", "障害者福祉"
    ELDERLY_CARE = "elderly_medical", "後期高齢者医療"
    CARE_INSURANCE = "care_insurance", "介護保険"
    CHILD_ALLOWANCE = "child_allowance", "児童手当"
    HEALTH = "health", "健康管理"
    SCHOOLING = "schooling", "就学"
    CHILD_REARING_ALLOWANCE = "child_rearing_allowance", "児童扶養手当"
    WELFARE = "welfare", "生活保護"
    CHILDCARE = "childcare", "子ども・子育て支援"
    SEALS = "seals", "印鑑登録"
    FAMILY_REGISTER = "family_register", "戸籍"
    FAMILY_REGISTER_NOTES = "family_register_notes", "戸籍の附票"
    OTHER = "other", "その他の業務"


class Lifecycle(models.TextChoices):
    """Where a system stands in its life."""

    PLANNED = "planned", "企画中"
    BUILDING = "building", "構築中"
    RUNNING = "running", "運用中"
    RENEWING = "renewing", "更改中"
    ENDING = "ending", "停止予定"
    ENDED = "ended", "廃止"


class Zone(models.TextChoices):
    """三層の対策のどの系か."""

    MYNUMBER = "mynumber", "マイナンバー利用事務系"
    LGWAN = "lgwan", "LGWAN接続系"
    INTERNET = "internet", "インターネット接続系"
    APART = "apart", "独立"


class ZoneModel(models.TextChoices):
    """三層の対策のモデル."""

    ALPHA = "alpha", "αモデル"
    ALPHA_DASH = "alpha_dash", "α′モデル"
    BETA = "beta", "βモデル"
    BETA_DASH = "beta_dash", "β′モデル"


class InfoClass(models.TextChoices):
    """自治体機密性（地方公共団体における情報セキュリティポリシーに関するガイドライン）."""

    A3 = "3A", "3A"
    B3 = "3B", "3B"
    C3 = "3C", "3C"
    C2 = "2", "2"
    C1 = "1", "1"


class Degree(models.TextChoices):
    """自治体完全性, 自治体可用性: two classes."""

    TWO = "2", "2"
    ONE = "1", "1"


class Hosting(models.TextChoices):
    """Where it runs."""

    ON_PREMISES = "on_premises", "庁舎内"
    DATA_CENTRE = "data_centre", "データセンター"
    CLOUD = "cloud", "クラウド"
    HYBRID = "hybrid", "併用"
    SHARED = "shared", "共同利用"


class Level(models.TextChoices):
    """High, middle, low."""

    HIGH = "high", "高"
    MIDDLE = "middle", "中"
    LOW = "low", "低"


class Development(models.TextChoices):
    """How it came about."""

    PACKAGE = "package", "パッケージ"
    ADAPTED = "adapted", "パッケージ（改修あり）"
    OWN = "own", "個別開発"
    LOW_CODE = "low_code", "ローコード"
    SERVICE = "service", "サービス利用"


class Standardisation(models.TextChoices):
    """標準準拠システムへの移行."""

    NOT_ASKED = "not_asked", "対象外"
    PLANNED = "planned", "移行予定"
    SPECIAL = "special", "特定移行支援システム"
    DONE = "done", "移行済"


class Consolidation(models.TextChoices):
    """Whether hardware may be shared (集約)."""

    YES = "yes", "できる"
    CONDITIONAL = "conditional", "条件付きでできる"
    NO = "no", "できない"
    OPEN = "open", "未検討"


class Cycle(models.TextChoices):
    """How often."""

    ALWAYS = "always", "随時"
    DAILY = "daily", "日次"
    WEEKLY = "weekly", "週次"
    MONTHLY = "monthly", "月次"
    YEARLY = "yearly", "年次"
    NEVER = "never", "なし"


class ServerKind(models.TextChoices):
    """What a server is."""

    PHYSICAL = "physical", "物理"
    VIRTUAL = "virtual", "仮想"
    CLOUD = "cloud", "クラウド"


class SoftwareKind(models.TextChoices):
    """What a software is."""

    SYSTEM = "os", "OS"
    DATABASE = "database", "データベース"
    MIDDLEWARE = "middleware", "ミドルウェア"
    PACKAGE = "package", "業務パッケージ"
    TOOL = "tool", "ツール"
    SECURITY = "security", "セキュリティ"


class ContractKind(models.TextChoices):
    """What a contract is about."""

    LEASE = "lease", "リース"
    OUTSOURCING = "outsourcing", "委託"
    MAINTENANCE = "maintenance", "保守"
    LICENCE = "licence", "使用許諾"
    LINE = "line", "回線"
    SERVICE = "service", "サービス利用"


class Tendering(models.TextChoices):
    """契約の方式."""

    OPEN = "open", "一般競争入札"
    NOMINATED = "nominated", "指名競争入札"
    PROPOSAL = "proposal", "公募型プロポーザル"
    SINGLE = "single", "随意契約"


class EnvironmentKind(models.TextChoices):
    """What an environment is for."""

    PRODUCTION = "production", "本番"
    STAGING = "staging", "検証"
    DEVELOPMENT = "development", "開発"
    TRAINING = "training", "研修"
    RECOVERY = "recovery", "災害対策"


class LinkMethod(models.TextChoices):
    """How data passes from one system to another."""

    API = "api", "API"
    FILE = "file", "ファイル"
    DATABASE = "database", "データベース"
    HAND = "hand", "手作業"
    MEDIUM = "medium", "記録媒体"


class CostSection(models.TextChoices):
    """経費区分の大分類（デジタル・ガバメント推進標準ガイドライン 別紙2）."""

    DEVELOPMENT = "development", "整備経費"
    OPERATION = "operation", "運用等経費"


class Stage(models.TextChoices):
    """The way of money through a year (要求から決算まで). 補正・流用・繰越 are changes of the budget."""

    REQUESTED = "requested", "要求"
    ASSESSED = "assessed", "査定"
    INITIAL = "initial", "当初"
    SUPPLEMENTARY = "supplementary", "補正"
    DIVERTED = "diverted", "流用"
    CARRIED = "carried", "繰越"
    EXECUTED = "executed", "執行"
    SETTLED = "settled", "決算"


BUDGET_STAGES = (Stage.INITIAL, Stage.SUPPLEMENTARY, Stage.DIVERTED, Stage.CARRIED)
"""The stages whose sum is the budget in force (予算現額)."""

BANDS = ("0～4時", "4～8時", "8～12時", "12～16時", "16～20時", "20～24時")
"""The six time bands (時間帯) of a server's load."""

LOADS = {
    "cpu": ("CPU使用率", "%"),
    "memory": ("メモリ使用量", "GB"),
    "disk": ("ディスク使用量", "GB"),
    "iops": ("IOPS", ""),
}
"""What is measured in each band: name and unit."""
