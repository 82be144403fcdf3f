// Wording of defacements, link spam and lures, searched in the visible text of a page.
// meta: kind = defacement | spam | lure; weight = 1..4 (an alarm needs 4 in one kind).

rule hacked_by { meta: kind = "defacement" weight = 4
  strings: $a = /h[a4@]ck[e3]d\s{1,4}[b8]y/ nocase $b = /(de-?f[a4]c[e3]d|0?wn[e3]d|pwn[e3]d|r[o0]{2}t[e3]d)\s{1,4}[b8]y/ nocase
  condition: any of them }

rule you_have_been_hacked { meta: kind = "defacement" weight = 4
  strings: $a = /(you|site|website|server|system)\s{1,4}(has|have|is|was|got|been|\s){1,6}(hacked|pwned|owned|defaced|compromised)/ nocase
           $b = /your (security|protection) (is|was) (low|weak|bad|zero|a joke)/ nocase $c = /security (is|was) (0|zero|an illusion|low)/ nocase
  condition: any of them }

rule crew_greetings { meta: kind = "defacement" weight = 3
  strings: $a = /gr[e3]{2}tz?\s{0,3}(to|:|from|2)/ nocase $b = "was here" nocase $c = /we (are|r) (anonymous|legion|everywhere|team)/ nocase $d = "expect us" nocase
           $e = /(cyber|hacker|haxor|ghost)\s?(army|team|crew|squad|soldiers|z team)/ nocase $f = /\b(mr|team|cyb3r|anon)[._ -]?h4x/ nocase
  condition: any of them }

rule taken_over_japanese { meta: kind = "defacement" weight = 4
  strings: $a = /(本|当|この)(サイト|ホームページ|ウェブサイト|Webサイト|ページ|サーバー)(は|を|が)[^\n]{0,60}(ハッキングした|ハッキングしました|ハッキングされた|ハッキングされました|乗っ取った|乗っ取りました|乗っ取られました|掌握した|掌握しました|占拠した|占拠しました|占領した|制圧した|制圧しました)/
           $b = /(我々|我ら|われわれ|私達|俺たち)(は|が)[^\n]{0,90}(攻撃した|攻撃する|攻撃を開始|ハッキング|侵入した|報復|警告する|公開する)/
           $c = /(データ|ファイル|情報)(を|は)[^\n]{0,60}(暗号化した|暗号化しました|盗んだ|盗みました|奪った)/
  condition: any of them }

rule ransom_demand { meta: kind = "defacement" weight = 4
  strings: $a = /(all )?your (files|data|documents|databases?) (have been|has been|are|were) (encrypted|stolen|locked|leaked|exfiltrated)/ nocase
           $b = /(bitcoin|btc|monero|xmr)( wallet| address)?\s?(:|：)/ nocase $c = ".onion"
  condition: $a or ($b and $c) }

rule spam_casino { meta: kind = "spam" weight = 2
  strings: $a = "オンラインカジノ" $b = /(slot|judi|togel|casino|poker)\s?(gacor|online|bonus|terpercaya|88|77)/ nocase $c = "入金不要ボーナス" $d = /sports?\s?(book|bet)(ting)?\b/ nocase
           $e = "situs " nocase $f = "ブックメーカー" $g = "バカラ" $h = /no[- ]deposit bonus/ nocase
  condition: any of them }
rule spam_casino_dense { meta: kind = "spam" weight = 2
  strings: $a = "カジノ" $b = "casino" nocase $c = "スロット" $d = "ボーナス" $e = "bonus" nocase $f = /\bslots?\b/ nocase $g = "ジャックポット" $h = "gacor" nocase
  condition: 3 of them }
rule spam_replica { meta: kind = "spam" weight = 2
  strings: $a = /(スーパー|ブランド)コピー/ $b = /(ロレックス|ルイヴィトン|シャネル|グッチ|エルメス|ROLEX|GUCCI|Louis Vuitton)[^\n]{0,60}(激安|格安|通販|偽物|レプリカ|コピー|replica|outlet|cheap)/ nocase
           $c = /(激安|格安)(通販|販売|屋)/ $d = /N級品|n級品/ $e = /replica (watch|bag|handbag)/ nocase $f = /(送料無料)[^\n]{0,40}(正規品|最安値|割引)/
  condition: any of them }
rule spam_replica_dense { meta: kind = "spam" weight = 2
  strings: $a = "激安" $b = "通販" $c = "正規品" $d = "送料無料" $e = "最安値" $f = "人気ランキング" $g = "レディース" $h = "OFF" $i = "財布"
  condition: 4 of them }
rule spam_drugs { meta: kind = "spam" weight = 4
  strings: $a = /(buy|cheap|order|generic)\s{1,3}(generic\s)?(viagra|cialis|levitra|xanax|tramadol|kamagra)/ nocase $b = /(バイアグラ|シアリス|レビトラ)[^\n]{0,60}(通販|激安|購入|個人輸入)/
  condition: any of them }
rule spam_adult { meta: kind = "spam" weight = 3
  strings: $a = /(無修正|アダルト)(動画|サイト|無料)/ $b = /(live|free)\s(sex|porn|xxx)/ nocase $c = /\bescort (service|girls?)/ nocase $d = /出会い(系|)(サイト|アプリ)[^\n]{0,30}(無料|登録|人気)/
  condition: any of them }
rule spam_money { meta: kind = "spam" weight = 2
  strings: $a = /(即日|審査なし|ブラックOK)[^\n]{0,24}(融資|キャッシング|借りる|現金化)/ $b = /payday loans?/ nocase $c = /(誰でも|スマホだけで|在宅で)[^\n]{0,30}(月収|日給|稼げ)/ $d = /(crypto|bitcoin) (giveaway|doubler|casino)/ nocase
  condition: any of them }

rule run_dialog { meta: kind = "lure" weight = 4
  strings: $a = /(windows|win)\s?(キー|key|ボタン|button)?\s{0,3}(\+|＋|と|and)\s{0,3}[RrXx]\b/ nocase $b = /(ctrl|control|コントロール)(キー|key)?\s{0,3}(\+|＋|と)\s{0,3}v/ nocase
           $c = /「?ファイル名を指定して実行/ $d = /(貼り付け|ペースト|paste)/ nocase
  condition: ($a or $c) and ($b or $d) }
rule fake_verification { meta: kind = "lure" weight = 2
  strings: $a = "私はロボットではありません" $b = /verify (that )?you are (a )?human/ nocase $c = /人間であること(を|の)(確認|証明)/ $d = /i'?m not a robot/ nocase
  condition: any of them }
rule fake_support { meta: kind = "lure" weight = 4
  strings: $a = /(ウイルス|ウィルス|マルウェア|トロイの木馬|スパイウェア)(に|が|を)[^\n]{0,40}(感染して|感染しまし|検出されまし|見つかりまし)/ $b = /(今すぐ|いますぐ|直ちに|至急)/
           $c = /(サポート(センター|窓口|デスク)|セキュリティ(センター|警告))/ $d = /(virus|trojan|spyware) (detected|found|alert)/ nocase $e = /call (microsoft|support|now|immediately|toll)/ nocase
  condition: ($a and ($b or $c)) or ($d and $e) }
rule fake_update { meta: kind = "lure" weight = 4
  strings: $a = /(ブラウザ|ブラウザー|Chrome|Edge|Firefox|Flash( Player)?)(が|を|の|は)[^\n]{0,40}(古い|更新して|アップデートして|最新版に|更新が必要|最新版ではありません|バージョンが古)/ nocase
           $b = /(your )?(browser|chrome|flash player|firefox) (is|version is) (out of date|outdated|too old)/ nocase $c = /(update|install)\s(your\s)?(chrome|browser|flash|font)/ nocase
           $d = /(今すぐ|いますぐ|こちらから)?(ダウンロード|更新|アップデート)(する|はこちら|してください)/ $e = /フォント[^\n]{0,30}(見つかりません|インストール)/
  condition: ($a and $d) or $b or ($c and $e) or ($e and $d) }
rule prize_lure { meta: kind = "lure" weight = 3
  strings: $a = /(おめでとうございます)[^\n]{0,120}(当選|選ばれました|プレゼント)/ $b = /you('ve| have)? (won|been selected)/ nocase $c = /(iPhone|ギフト券|ギフトカード|賞金)/
  condition: ($a and $c) or $b }
