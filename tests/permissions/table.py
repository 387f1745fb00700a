"""What comes back from every address, for everybody. Held by tests/test_permissions.py.

A new address fails until it stands here. Where two answers are given, the first is about an object of one's
own (of one's own domain, for an administrator), the second about a foreign one. `in` leads to the sign-in page,
`go` to another page: that is also what a form answers when it has done its work. POST sends an empty form, so 422
means "you may; fill it in", and 200 of a bulk action is its preview. 403: never for this person. 404: not this
object, as far as he may know. 405: not by this method.
"""

from __future__ import annotations

from tests.permissions.world import PRINCIPALS

TABLE = """
# address                                  anon    user    admin   other   staff   owner   as_user as_adm
health                                GET  200     200     200     200     200     200     200     200
health                                POST 200     200     200     200     200     200     200     200
account_login                         GET  200     go      go      go      go      go      403     403
account_login                         POST 200     go      go      go      go      go      403     403
account_logout                        GET  in      200     200     200     200     200     200     200
account_logout                        POST in      in      in      in      in      in      in      in
account_reauthenticate                GET  in      200     200     200     200     200     403     403
account_reauthenticate                POST in      200     200     200     200     200     403     403
account_reset_password                GET  200     200     200     200     200     200     403     403
account_reset_password                POST 200     200     200     200     200     200     403     403
account_reset_password_done           GET  200     200     200     200     200     200     403     403
account_reset_password_done           POST 405     405     405     405     405     405     403     403
account_reset_password_from_key       GET  200/200 200/200 200/200 200/200 200/200 200/200 403/403 403/403
account_reset_password_from_key       POST 200/200 200/200 200/200 200/200 200/200 200/200 403/403 403/403
account_reset_password_from_key_done  GET  200     200     200     200     200     200     403     403
account_reset_password_from_key_done  POST 405     405     405     405     405     405     403     403
mfa_authenticate                      GET  in      go      go      go      go      go      403     403
mfa_authenticate                      POST in      go      go      go      go      go      403     403
mfa_reauthenticate                    GET  in      go      go      go      go      go      403     403
mfa_reauthenticate                    POST in      go      go      go      go      go      403     403
mfa_index                             GET  in      200     200     200     200     200     403     403
mfa_index                             POST in      405     405     405     405     405     403     403
mfa_activate_totp                     GET  in      200     200     200     200     200     403     403
mfa_activate_totp                     POST in      200     200     200     200     200     403     403
mfa_deactivate_totp                   GET  in      404     404     404     404     404     403     403
mfa_deactivate_totp                   POST in      404     404     404     404     404     403     403
mfa_view_recovery_codes               GET  in      404     404     404     404     404     403     403
mfa_view_recovery_codes               POST in      405     405     405     405     405     403     403
mfa_generate_recovery_codes           GET  in      200     200     200     200     200     403     403
mfa_generate_recovery_codes           POST in      go      go      go      go      go      403     403
mfa_download_recovery_codes           GET  in      404     404     404     404     404     403     403
mfa_download_recovery_codes           POST in      404     404     404     404     404     403     403
mfa_list_webauthn                     GET  in      200     200     200     200     200     403     403
mfa_list_webauthn                     POST in      405     405     405     405     405     403     403
mfa_add_webauthn                      GET  in      200     200     200     200     200     403     403
mfa_add_webauthn                      POST in      200     200     200     200     200     403     403
mfa_reauthenticate_webauthn           GET  in      200     200     200     200     200     403     403
mfa_reauthenticate_webauthn           POST in      in      in      in      in      in      403     403
mfa_remove_webauthn                   GET  in/in   200/404 200/404 200/404 200/404 200/404 403/403 403/403
mfa_remove_webauthn                   POST in/in   go/404  go/404  go/404  go/404  go/404  403/403 403/403
mfa_edit_webauthn                     GET  in/in   200/404 200/404 200/404 200/404 200/404 403/403 403/403
mfa_edit_webauthn                     POST in/in   200/404 200/404 200/404 200/404 200/404 403/403 403/403
mfa_login_webauthn                    GET  in      go      go      go      go      go      403     403
mfa_login_webauthn                    POST in      go      go      go      go      go      403     403
accounts:overview                     GET  in      200     200     200     200     200     200     200
accounts:overview                     POST in      405     405     405     405     405     405     405
accounts:account                      GET  in      200     200     200     200     200     200     200
accounts:account                      POST in      405     405     405     405     405     405     405
accounts:account-profile              GET  in      200     200     200     200     200     go      go
accounts:account-profile              POST in      go      go      go      go      go      go      go
accounts:account-password             GET  in      200     200     200     200     200     403     403
accounts:account-password             POST in      422     422     422     422     422     403     403
accounts:account-sessions-end         GET  in      405     405     405     405     405     403     403
accounts:account-sessions-end         POST in      go      go      go      go      go      403     403
accounts:account-session-end          GET  in/in   405/405 405/405 405/405 405/405 405/405 403/403 403/403
accounts:account-session-end          POST in/in   go/404  go/404  go/404  go/404  go/404  403/403 403/403
accounts:password-suggestion          GET  in      200     200     200     200     200     200     200
accounts:password-suggestion          POST in      405     405     405     405     405     405     405
accounts:impersonate                  GET  in/in   403/403 403/403 403/403 200/403 200/403 403/403 403/403
accounts:impersonate                  POST in/in   403/403 403/403 403/403 go/403  go/403  403/403 403/403
accounts:impersonation-end            GET  in      405     405     405     405     405     405     405
accounts:impersonation-end            POST in      go      go      go      go      go      go      go
accounts:search                       GET  in      200     200     200     200     200     200     200
accounts:search                       POST in      405     405     405     405     405     405     405
accounts:log                          GET  in      403     200     200     200     200     403     200
accounts:log                          POST in      403     405     405     405     405     403     405
accounts:undo                         GET  in/in   403/403 403/403 403/403 405/405 405/405 403/403 403/403
accounts:undo                         POST in/in   403/403 403/403 403/403 go/go   go/go   403/403 403/403
accounts:customer-list                GET  in      403     403     403     200     200     403     403
accounts:customer-list                POST in      403     403     403     405     405     403     403
accounts:customer-create              GET  in      403     403     403     200     200     403     403
accounts:customer-create              POST in      403     403     403     422     422     403     403
accounts:customer-suggest             GET  in      403     403     403     200     200     403     403
accounts:customer-suggest             POST in      403     403     403     405     405     403     403
accounts:customer-detail              GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:customer-detail              POST in/in   403/403 403/403 403/403 405/405 405/405 403/403 403/403
accounts:customer-edit                GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:customer-edit                POST in/in   403/403 403/403 403/403 422/422 422/422 403/403 403/403
accounts:customer-suspend             GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:customer-suspend             POST in/in   403/403 403/403 403/403 go/go   go/go   403/403 403/403
accounts:customer-activate            GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:customer-activate            POST in/in   403/403 403/403 403/403 go/go   go/go   403/403 403/403
accounts:customer-close               GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:customer-close               POST in/in   403/403 403/403 403/403 go/go   go/go   403/403 403/403
accounts:contact-create               GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:contact-create               POST in/in   403/403 403/403 403/403 422/422 422/422 403/403 403/403
accounts:contact-edit                 GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:contact-edit                 POST in/in   403/403 403/403 403/403 422/422 422/422 403/403 403/403
accounts:contact-delete               GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:contact-delete               POST in/in   403/403 403/403 403/403 go/go   go/go   403/403 403/403
accounts:staff-list                   GET  in      403     403     403     403     200     403     403
accounts:staff-list                   POST in      403     403     403     403     405     403     403
accounts:staff-create                 GET  in      403     403     403     403     200     403     403
accounts:staff-create                 POST in      403     403     403     403     422     403     403
accounts:staff-edit                   GET  in/in   403/403 403/403 403/403 403/403 200/404 403/403 403/403
accounts:staff-edit                   POST in/in   403/403 403/403 403/403 403/403 422/404 403/403 403/403
accounts:staff-password               GET  in/in   403/403 403/403 403/403 403/403 200/404 403/403 403/403
accounts:staff-password               POST in/in   403/403 403/403 403/403 403/403 200/404 403/403 403/403
accounts:staff-factors                GET  in/in   403/403 403/403 403/403 403/403 200/404 403/403 403/403
accounts:staff-factors                POST in/in   403/403 403/403 403/403 403/403 go/404  403/403 403/403
accounts:domain-list                  GET  in      403     200     200     200     200     403     200
accounts:domain-list                  POST in      403     405     405     405     405     403     405
accounts:domain-create                GET  in      403     403     403     200     200     403     403
accounts:domain-create                POST in      403     403     403     422     422     403     403
accounts:domain-suggest               GET  in      403     200     200     200     200     403     200
accounts:domain-suggest               POST in      403     405     405     405     405     403     405
accounts:domain-detail                GET  in/in   403/403 200/404 404/404 200/200 200/200 403/403 200/404
accounts:domain-detail                POST in/in   403/403 405/405 405/405 405/405 405/405 403/403 405/405
accounts:domain-edit                  GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:domain-edit                  POST in/in   403/403 403/403 403/403 422/422 422/422 403/403 403/403
accounts:domain-suspend               GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:domain-suspend               POST in/in   403/403 403/403 403/403 go/go   go/go   403/403 403/403
accounts:domain-activate              GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:domain-activate              POST in/in   403/403 403/403 403/403 go/go   go/go   403/403 403/403
accounts:domain-delete                GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:domain-delete                POST in/in   403/403 403/403 403/403 go/go   go/go   403/403 403/403
accounts:domain-restore               GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:domain-restore               POST in/in   403/403 403/403 403/403 go/go   go/go   403/403 403/403
accounts:grant-create                 GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:grant-create                 POST in/in   403/403 403/403 403/403 422/422 422/422 403/403 403/403
accounts:grant-edit                   GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:grant-edit                   POST in/in   403/403 403/403 403/403 go/go   go/go   403/403 403/403
accounts:grant-revoke                 GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
accounts:grant-revoke                 POST in/in   403/403 403/403 403/403 go/go   go/go   403/403 403/403
mail:mailbox-list                     GET  in      200     200     200     200     200     200     200
mail:mailbox-list                     POST in      405     405     405     405     405     405     405
mail:mailbox-create                   GET  in      403     200     200     200     200     403     200
mail:mailbox-create                   POST in      403     422     422     422     422     403     422
mail:mailbox-bulk                     GET  in/in   405/405 405/405 405/405 405/405 405/405 405/405 405/405
mail:mailbox-bulk                     POST in/in   404/404 200/go  go/go   200/200 200/200 404/404 200/go
mail:mailbox-import                   GET  in      403     200     200     200     200     403     200
mail:mailbox-import                   POST in      403     422     422     422     422     403     422
mail:mailbox-import-apply             GET  in      403     405     405     405     405     403     405
mail:mailbox-import-apply             POST in      403     go      go      go      go      403     go
mail:mailbox-detail                   GET  in/in   200/404 200/404 404/404 200/200 200/200 200/404 200/404
mail:mailbox-detail                   POST in/in   405/405 405/405 405/405 405/405 405/405 405/405 405/405
mail:mailbox-edit                     GET  in/in   403/403 200/404 404/404 200/200 200/200 403/403 200/404
mail:mailbox-edit                     POST in/in   403/403 go/404  404/404 422/422 422/422 403/403 go/404
mail:mailbox-forwards                 GET  in/in   200/404 200/404 404/404 200/200 200/200 200/404 200/404
mail:mailbox-forwards                 POST in/in   go/404  go/404  404/404 go/go   go/go   go/404  go/404
mail:mailbox-password                 GET  in/in   403/403 200/404 404/404 200/200 200/200 403/403 403/403
mail:mailbox-password                 POST in/in   403/403 422/404 404/404 422/422 422/422 403/403 403/403
mail:mailbox-suspend                  GET  in/in   403/403 200/404 404/404 200/200 200/200 403/403 200/404
mail:mailbox-suspend                  POST in/in   403/403 go/404  404/404 go/go   go/go   403/403 go/404
mail:mailbox-activate                 GET  in/in   403/403 200/404 404/404 200/200 200/200 403/403 200/404
mail:mailbox-activate                 POST in/in   403/403 go/404  404/404 go/go   go/go   403/403 go/404
mail:mailbox-delete                   GET  in/in   403/403 200/404 404/404 200/200 200/200 403/403 200/404
mail:mailbox-delete                   POST in/in   403/403 go/404  404/404 go/go   go/go   403/403 go/404
mail:mailbox-restore                  GET  in/in   403/403 200/404 404/404 200/200 200/200 403/403 200/404
mail:mailbox-restore                  POST in/in   403/403 go/404  404/404 go/go   go/go   403/403 go/404
mail:alias-list                       GET  in      403     200     200     200     200     403     200
mail:alias-list                       POST in      403     405     405     405     405     403     405
mail:alias-create                     GET  in      403     200     200     200     200     403     200
mail:alias-create                     POST in      403     422     422     422     422     403     422
mail:alias-bulk                       GET  in/in   403/403 405/405 405/405 405/405 405/405 403/403 405/405
mail:alias-bulk                       POST in/in   403/403 200/go  go/go   200/200 200/200 403/403 200/go
mail:alias-import                     GET  in      403     200     200     200     200     403     200
mail:alias-import                     POST in      403     422     422     422     422     403     422
mail:alias-import-apply               GET  in      403     405     405     405     405     403     405
mail:alias-import-apply               POST in      403     go      go      go      go      403     go
mail:alias-detail                     GET  in/in   403/403 200/404 404/404 200/200 200/200 403/403 200/404
mail:alias-detail                     POST in/in   403/403 405/405 405/405 405/405 405/405 403/403 405/405
mail:alias-edit                       GET  in/in   403/403 200/404 404/404 200/200 200/200 403/403 200/404
mail:alias-edit                       POST in/in   403/403 422/404 404/404 422/422 422/422 403/403 422/404
mail:alias-delete                     GET  in/in   403/403 200/404 404/404 200/200 200/200 403/403 200/404
mail:alias-delete                     POST in/in   403/403 go/404  404/404 go/go   go/go   403/403 go/404
mail:alias-restore                    GET  in/in   403/403 200/404 404/404 200/200 200/200 403/403 200/404
mail:alias-restore                    POST in/in   403/403 go/404  404/404 go/go   go/go   403/403 go/404
mail:alias-purge                      GET  in/in   403/403 200/404 404/404 200/200 200/200 403/403 200/404
mail:alias-purge                      POST in/in   403/403 422/404 404/404 422/422 422/422 403/403 422/404
mail:aliasdomain-list                 GET  in      403     200     200     200     200     403     200
mail:aliasdomain-list                 POST in      403     405     405     405     405     403     405
mail:aliasdomain-create               GET  in      403     403     403     200     200     403     403
mail:aliasdomain-create               POST in      403     403     403     422     422     403     403
mail:aliasdomain-edit                 GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
mail:aliasdomain-edit                 POST in/in   403/403 403/403 403/403 go/go   go/go   403/403 403/403
mail:aliasdomain-delete               GET  in/in   403/403 403/403 403/403 200/200 200/200 403/403 403/403
mail:aliasdomain-delete               POST in/in   403/403 403/403 403/403 go/go   go/go   403/403 403/403
mail:server-list                      GET  in      403     403     403     200     200     403     403
mail:server-list                      POST in      403     403     403     405     405     403     403
mail:server-create                    GET  in      403     403     403     403     200     403     403
mail:server-create                    POST in      403     403     403     403     422     403     403
mail:server-edit                      GET  in/in   403/403 403/403 403/403 403/403 200/404 403/403 403/403
mail:server-edit                      POST in/in   403/403 403/403 403/403 403/403 422/404 403/403 403/403
mail:server-delete                    GET  in/in   403/403 403/403 403/403 403/403 200/404 403/403 403/403
mail:server-delete                    POST in/in   403/403 403/403 403/403 403/403 422/404 403/403 403/403
"""


def expectations() -> dict[tuple[str, str], dict[str, str]]:
    """By address and method, the answer for each principal."""
    rows = [line.split() for line in TABLE.splitlines() if line and not line.startswith("#")]
    return {(name, method): dict(zip(PRINCIPALS, answers, strict=True)) for name, method, *answers in rows}
