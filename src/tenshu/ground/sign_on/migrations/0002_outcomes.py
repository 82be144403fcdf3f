from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sign_on", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="signinentry",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("let-in", "サインインした"),
                    ("wrong", "利用者名かパスワードの違い"),
                    ("locked", "続けた失敗による停止中"),
                    ("limited", "回数の制限"),
                    ("wrong-factor", "二要素の確認の違い"),
                    ("unknown-number", "名簿にない職員番号"),
                    ("left", "配属のない職員"),
                    ("stopped", "利用の停止"),
                    ("other-identity", "別の人にひも付いた職員番号"),
                    ("name-taken", "職員番号が別の利用者名"),
                    ("doubted", "認証基盤の応答の誤り"),
                    ("cancelled", "認証基盤での取りやめ"),
                    ("unreachable", "認証基盤につながらない"),
                ],
                max_length=20,
                verbose_name="結果",
            ),
        ),
    ]
