"""Passwords are stored and checked as Dovecot does it. The vectors were not made by our code."""

import shutil
import subprocess

import pytest
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts import hashers
from accounts.checks import password_scheme
from accounts.hashers import DovecotHasher, matches
from accounts.validators import PasswordBytesValidator

CHEAP = {
    "ARGON2ID": {"memory_cost": 64, "rounds": 1},
    "BLF-CRYPT": {"rounds": 4},
    "SHA512-CRYPT": {"rounds": 1000},
}

PUBLISHED = [
    # Drepper's specification of SHA-crypt
    ("Hello world!", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"),
    (
        "Hello world!",
        "{SHA512-CRYPT}$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
    ),
    # Openwall's crypt_blowfish
    ("U*U", "{BLF-CRYPT}$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    # The README of the Argon2 reference implementation, whose salt is "somesalt"
    ("password", "{ARGON2I}$argon2i$v=19$m=65536,t=2,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b+dWRWJTmaaJObG"),
]

# doveadm pw -s SCHEME -p 'Tëst-secret 1', Dovecot 2.3.19
BY_DOVECOT = [
    "{SHA}bkpvqpvoMPml/V1+syxAzypoS/Y=",
    "{SHA1}bkpvqpvoMPml/V1+syxAzypoS/Y=",
    "{SHA.HEX}6e4a6faa9be830f9a5fd5d7eb32c40cf2a684bf6",
    "{SHA}6e4a6faa9be830f9a5fd5d7eb32c40cf2a684bf6",
    "{SHA256}C0qjATJGpyZtlA1PxC4ZZsbIaJjVtKUi7Xckq8/SFaA=",
    "{SHA512}ZCePpSCNokZdG+K6n1ZVhLXxOWlBf+QKM+qsh55jFYtjgkhmJgBC8XSROk4uvQ71XwRtzjnmeFDTth7eaOmNrg==",
    "{SSHA}EqiHMsZeEe7IttXWHipshH5twDiIa2pc",
    "{SSHA256.HEX}fa127d20c11902749bd63fc828b1717ba2122528599b244804b1aa1a228e6d2a931f4981",
    "{SSHA512}JWCzRvlvmFHGizkX/44TUmm75O4wz8VgkCNDBk43HwbMWMAxJiQYUgAYW3cKaFupb3yMqqVfvw6vTEvS1tE0SmxgVYg=",
    "{SMD5}iNV57IXSGUbjix0Ug5SGL1WJXh8=",
    "{PLAIN-MD5}4bd693a6a02ddd020897ad5596fd34f8",
    "{PLAIN-MD5.B64}S9aTpqAt3QIIl61Vlv00+A==",
    "{LDAP-MD5}S9aTpqAt3QIIl61Vlv00+A==",
    "{MD5}$1$bBS9w6Oz$OeGrCcOnnESfZDKVvBjBC/",
    "{MD5-CRYPT}$1$IPNyp.pJ$91W4tC71rlmg9IW7MP4Jj0",
    "{DES-CRYPT}YIh.3jBzsHfJ6",
    "{CRYPT}$2y$05$fJI1ppXaKpfknfH0Dg2MV.gfEuJ4yCOa7lHi6OMukG5kqXYVFdSTO",
    "{SHA256-CRYPT}$5$lG5qBYvk.ZGz.o5V$L1NlMNNyGmRJWks1mxk.3gFodFl7mZYcwNE8lmTUbf9",
    "{SHA512-CRYPT}$6$3P2n2qLhV5v0nOxh$RHkxayKjbvqMixY6YSizPQQ1dzUBokj2wlhO1M700R5fLpkewtIXApuS2QHFZsYQX8g/LHBOSL5kCsmc.ixoh0",
    "{SHA512-CRYPT.B64}JDYkMzNNSmxjNE5NZjVCSndITCQ3NllFMHU0UkRCQm5iTEpQLi5JSGg0RjJFbzY1djBGM2FqM2U4THU4REoxRzBaN1RYWGYvWC52OVBMdlhrS0pQTGJYU01ZZmpTbTJWelRKWFFWM0xkMA==",
    "{BLF-CRYPT}$2y$05$bB/1otNEDTnLAZ3OmALfNOTlz0fXYIpciPdaDMAWmaJ2Jw8xD9w8K",
    "{ARGON2I}$argon2i$v=19$m=32768,t=4,p=1$5KaRyZlVLRBiNBdbwHM2YA$c1NC2ZSTp3tv7mSeZutlnBlwnSQ+oJ5mfo7D2My3q6k",
    "{ARGON2ID}$argon2id$v=19$m=65536,t=3,p=1$pq0U+i3b+uikx5pd0SfNZQ$Uoe39oiGjqRqiBz9EQanvD7T60+R+EEOrPKy6VYTEO4",
    "{PLAIN}Tëst-secret 1",
    "{CLEARTEXT}Tëst-secret 1",
    "{PLAIN.B64}VMOrc3Qtc2VjcmV0IDE=",
    # Courier's own, by `printf 'Tëst-secret 1' | openssl md5`, in hex and in base64
    "{md5raw}4bd693a6a02ddd020897ad5596fd34f8",
    "{MD5}S9aTpqAt3QIIl61Vlv00+A==",
]

# The password is "secret": glibc's and libxcrypt's crypt(), `openssl passwd`
BY_CRYPT = [
    "abNANd1rDfiNc",
    "{crypt}abNANd1rDfiNc",
    "{CRYPT}_J9..CCCCcAjMsTRdVIM",
    "$sha1$1000$abcdefgh$ji8ESnkwjcTjo4hThodnLYyi.3yG",
    "$md5,rounds=5$abcdefgh$$DNnUTx0178KyV8yEt9FIl/",
    "$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a",
    "$1$abcdefgh$cHJi5PXp/ki/ktXzqlk6I1",
    "$5$abcdefgh$gruCpC7VkOTspMQTTSAR8mtlO9Upms.fwqE5y16JVM.",
    "$6$abcdefgh$ltjgWl6579NluT/Vi1nwEvcil.G5Nbc4NiXZaNGStk8PSwGfQv72N2CKPPrVACtLtip/cZ/1GM/O6IND4WQhG.",
]


@pytest.fixture(params=CHEAP)
def scheme(request, settings):
    settings.PASSWORD_SCHEME = request.param
    settings.PASSWORD_COST = CHEAP[request.param]
    return request.param


@pytest.fixture
def cheap_argon2(settings):
    settings.PASSWORD_SCHEME, settings.PASSWORD_COST = "ARGON2ID", CHEAP["ARGON2ID"]


@pytest.mark.parametrize(
    ("password", "stored"),
    [
        *PUBLISHED,
        *[("Tëst-secret 1", stored) for stored in BY_DOVECOT],
        *[("secret", stored) for stored in BY_CRYPT],
    ],
)
def test_an_old_hash_verifies_refuses_another_password_and_asks_to_be_replaced(password, stored, cheap_argon2):
    assert matches(password, stored)
    assert not matches("S" + password[1:], stored)
    assert not matches("", stored)
    assert DovecotHasher().must_update(stored)


class TestWriting:
    def test_writes_dovecots_form_and_reads_it_back(self, scheme):
        stored = make_password("correct horse")
        assert stored.startswith(f"{{{scheme}}}$")
        assert matches("correct horse", stored)
        assert not matches("correct horsf", stored)
        assert not DovecotHasher().must_update(stored)

    def test_two_people_with_one_password_have_two_hashes(self, scheme):
        assert make_password("correct horse") != make_password("correct horse")

    def test_bcrypt_hashes_have_the_ident_that_dovecot_and_php_write(self, settings):
        settings.PASSWORD_SCHEME, settings.PASSWORD_COST = "BLF-CRYPT", {"rounds": 4}
        assert make_password("correct horse").startswith("{BLF-CRYPT}$2y$04$")

    def test_argon2_uses_one_lane_whatever_passlib_thinks_usual(self, settings):
        settings.PASSWORD_SCHEME, settings.PASSWORD_COST = "ARGON2ID", {}
        assert make_password("correct horse").startswith("{ARGON2ID}$argon2id$v=19$m=19456,t=2,p=1$")

    def test_a_changed_cost_asks_for_a_new_hash(self, scheme, settings):
        stored = make_password("correct horse")
        settings.PASSWORD_COST = {"rounds": CHEAP[scheme]["rounds"] + 1}
        assert DovecotHasher().must_update(stored)

    @pytest.mark.parametrize(
        ("scheme_name", "cost", "sentence"),
        [("MD5-CRYPT", {}, "can be one of"), ("BLF-CRYPT", {"memory_cost": 1}, "not memory_cost")],
    )
    def test_a_wrong_setting_is_named(self, scheme_name, cost, sentence, settings):
        settings.PASSWORD_SCHEME, settings.PASSWORD_COST = scheme_name, cost
        with pytest.raises(ImproperlyConfigured, match=sentence):
            make_password("correct horse")

    def test_a_wrong_setting_is_told_by_check_before_anybody_signs_in(self, settings):
        settings.PASSWORD_SCHEME, settings.PASSWORD_COST = "MD5-CRYPT", {}
        assert [error.id for error in password_scheme()] == ["accounts.E001"]
        settings.PASSWORD_SCHEME, settings.PASSWORD_COST = "ARGON2ID", CHEAP["ARGON2ID"]
        assert password_scheme() == []

    def test_what_may_be_shown_holds_no_part_of_the_password(self):
        assert DovecotHasher().safe_summary("{PLAIN}secret") == {"scheme": "PLAIN"}


class TestRefusing:
    def test_an_unusable_password_matches_nothing_not_even_itself(self, cheap_argon2):
        stored = make_password(None)
        assert not matches(stored, stored)
        assert not matches(None, stored)

    @pytest.mark.parametrize("stored", ["{PLAIN}", "", "{CRYPT}", "{SSHA}", "{PLAIN-MD5}"])
    def test_an_empty_password_is_never_right(self, stored, cheap_argon2):
        assert not matches("", stored)

    def test_a_bare_string_is_not_its_own_password(self, cheap_argon2):
        assert not matches("letmein", "letmein")

    def test_a_password_of_a_megabyte_is_refused_unread(self, cheap_argon2):
        assert not matches("x" * 1_000_000, "{PLAIN}" + "x" * 1_000_000)

    @pytest.mark.parametrize("stored", ["{PLAIN-MD5}4bd693a6a02ddd020897ad5596fd34f8", "junk", "!none"])
    def test_a_wrong_password_costs_a_whole_hash_of_today(self, stored, cheap_argon2, monkeypatch):
        hashed = []
        monkeypatch.setattr(DovecotHasher, "encode", lambda self, password, salt="": hashed.append(password))
        assert not matches("wrong", stored)
        assert len(hashed) == 1

    def test_a_right_password_is_not_hashed_twice(self, cheap_argon2, monkeypatch):
        monkeypatch.setattr(DovecotHasher, "encode", lambda *args: pytest.fail("hashed again"))
        assert matches("Tëst-secret 1", "{PLAIN}Tëst-secret 1")


class TestBytes:
    def test_bcrypt_takes_72_bytes_not_72_characters(self, settings):
        settings.PASSWORD_SCHEME = "BLF-CRYPT"
        PasswordBytesValidator().validate("é" * 36)
        with pytest.raises(ValidationError, match="at most 72 bytes"):
            PasswordBytesValidator().validate("é" * 36 + "x")

    def test_bcrypt_never_hashes_a_part_of_a_password_in_silence(self, settings):
        settings.PASSWORD_SCHEME, settings.PASSWORD_COST = "BLF-CRYPT", {"rounds": 4}
        with pytest.raises(ValueError, match="too long"):
            make_password("x" * 73)

    def test_a_longer_password_of_an_old_bcrypt_hash_still_opens_the_portal_as_it_opens_the_mailbox(self, settings):
        settings.PASSWORD_SCHEME, settings.PASSWORD_COST = "BLF-CRYPT", {"rounds": 4}
        assert matches("x" * 80, make_password("x" * 72))

    def test_other_schemes_take_256_bytes(self, settings):
        settings.PASSWORD_SCHEME = "ARGON2ID"
        PasswordBytesValidator().validate("x" * 256)
        with pytest.raises(ValidationError, match="it has 257"):
            PasswordBytesValidator().validate("x" * 257)

    @pytest.mark.parametrize("password", ["a\x00b", "two\nlines", "tab\there"])
    def test_what_a_mail_program_cannot_send_is_refused(self, password):
        with pytest.raises(ValidationError, match="cannot be typed"):
            PasswordBytesValidator().validate(password)


MANY = hypothesis_settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
# Costs that a random string could name would make the machine work for hours: a hash comes from an importer.
TAME = st.text().filter(lambda text: "rounds" not in text)


class TestProperties:
    @MANY
    @given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=18))
    def test_any_text_can_be_a_password(self, scheme, password):
        stored = make_password(password)
        assert matches(password, stored)
        assert not matches(password + "x", stored)

    @MANY
    @given(
        st.text(),
        TAME,
        st.sampled_from(["", "{SSHA}", "{CRYPT}", "{SHA.HEX}", "{PLAIN.B64}", "{ARGON2ID}", "{MD5}"]),
    )
    @example("x", "$argon2id$v=19$m=99999999999999999999,t=1,p=1$aaaa$aaaa", "{ARGON2ID}")
    @example("\ud800", "x", "{PLAIN}")
    @example("x", "\ud800", "{PLAIN}")
    @example("x", "$2y$99$" + "a" * 53, "{BLF-CRYPT}")
    @example("x", "a\x00", "{CRYPT}")
    def test_junk_is_no_password_and_no_crash(self, cheap_argon2, password, rest, prefix):
        assert matches(password, prefix + rest) is False
        DovecotHasher().must_update(prefix + rest)
        DovecotHasher().safe_summary(prefix + rest)


@pytest.mark.skipif(shutil.which("doveadm") is None, reason="Dovecot is not installed")
class TestAgainstDovecot:
    """The same string, asked of Dovecot's own program."""

    @staticmethod
    def accepts(password, stored):
        command = ["doveadm", "pw", "-t", stored, "-p", password]
        return subprocess.run(command, capture_output=True, check=False, timeout=30).returncode == 0

    def test_dovecot_accepts_what_we_write(self, scheme):
        stored = make_password("Tëst-secret 1")
        assert self.accepts("Tëst-secret 1", stored)
        assert not self.accepts("test-secret 1", stored)

    def test_dovecot_accepts_our_usual_cost(self, settings):
        for settings.PASSWORD_SCHEME in hashers.COSTS:
            settings.PASSWORD_COST = {}
            assert self.accepts("Tëst-secret 1", make_password("Tëst-secret 1")), settings.PASSWORD_SCHEME

    @pytest.mark.parametrize("name", ["SHA256.HEX", "SSHA.B64", "SMD5.HEX", "SHA512-CRYPT.HEX", "PLAIN.HEX"])
    def test_we_accept_what_dovecot_writes(self, name, cheap_argon2):
        command = ["doveadm", "pw", "-s", name, "-p", "Tëst-secret 1"]
        stored = subprocess.run(command, capture_output=True, check=True, text=True, timeout=30).stdout.strip()
        assert matches("Tëst-secret 1", stored)

    def test_dovecot_refuses_an_unusable_password(self):
        stored = make_password(None)
        assert not self.accepts(stored, stored)
        assert not self.accepts(stored, "{CRYPT}" + stored)  # its default scheme here

    def test_dovecot_too_cuts_a_long_password_for_bcrypt(self, settings):
        settings.PASSWORD_SCHEME, settings.PASSWORD_COST = "BLF-CRYPT", {"rounds": 4}
        assert self.accepts("x" * 80, make_password("x" * 72))
