// SPDX-License-Identifier: MIT
// The identity server of the books: authorization code with PKCE, and refresh tokens that work
// only once.
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "asperion_parts.h"

#define CLIENT_ID "demo-client"
#define CLIENT_SECRET "demo-secret-a"
#define CODE_LIFETIME_S 300
#define REFRESH_LIFETIME_S (30 * 86400)
#define CHALLENGE_BYTES 43 // SHA-256 in base64url without padding

// ---- Forms ------------------------------------------------------------------------------------

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// A member of a form body, decoded; NULL when absent or too long. The caller frees it.
static char *form_value(const char *body, const char *name)
{
    size_t name_bytes = strlen(name);
    for (const char *p = body; *p; p += strcspn(p, "&"), p += *p == '&') {
        if (strncmp(p, name, name_bytes) != 0 || p[name_bytes] != '=')
            continue;
        p += name_bytes + 1;
        size_t n = strcspn(p, "&");
        char *out = malloc(n + 1), *o = out;
        if (!out)
            return NULL;
        for (size_t i = 0; i < n; i++) {
            if (p[i] == '%' && i + 2 < n && hex_digit(p[i + 1]) >= 0 && hex_digit(p[i + 2]) >= 0) {
                *o++ = (char)(hex_digit(p[i + 1]) * 16 + hex_digit(p[i + 2]));
                i += 2;
            } else {
                *o++ = p[i] == '+' ? ' ' : p[i];
            }
        }
        *o = '\0';
        return out;
    }
    return NULL;
}

struct text {
    char data[8192];
    size_t bytes;
};

// Appends percent-encoded for a query, or escaped for HTML.
static void add(struct text *t, const char *s, bool query)
{
    for (; *s && t->bytes + 8 < sizeof t->data; s++) {
        unsigned char c = (unsigned char)*s;
        bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                     strchr("-._~", c);
        int n;
        if (plain || (!query && c >= 0x80))
            n = snprintf(t->data + t->bytes, 8, "%c", c);
        else if (query)
            n = snprintf(t->data + t->bytes, 8, "%%%02X", c);
        else
            n = snprintf(t->data + t->bytes, 8, "&#%u;", c);
        t->bytes += n > 0 ? (size_t)n : 0;
    }
    t->data[t->bytes] = '\0';
}

static void add_raw(struct text *t, const char *s)
{
    size_t n = strlen(s);
    if (t->bytes + n >= sizeof t->data)
        return;
    memcpy(t->data + t->bytes, s, n + 1);
    t->bytes += n;
}

// ---- Authorize --------------------------------------------------------------------------------

static const char *const authorize_names[] = {"response_type", "client_id", "redirect_uri", "scope",
                                              "state", "code_challenge", "code_challenge_method"};

static void consent_page(const struct request *req, struct reply *reply)
{
    struct text t = {.bytes = 0};
    add_raw(
        &t,
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Asperion sandbox</title>"
        "<h1>Allow access?</h1><p>An application asks for access to your administrations.</p>"
        "<form method=\"get\" action=\"/connect/authorize\">");
    for (size_t i = 0; i < sizeof authorize_names / sizeof authorize_names[0]; i++) {
        const char *value = request_query(req, authorize_names[i]);
        if (!value)
            continue;
        add_raw(&t, "<input type=\"hidden\" name=\"");
        add_raw(&t, authorize_names[i]);
        add_raw(&t, "\" value=\"");
        add(&t, value, false);
        add_raw(&t, "\">");
    }
    add_raw(&t, "<button name=\"auto\" value=\"1\">Yes, allow</button>"
                "<button name=\"auto\" value=\"0\">No</button></form></html>\n");
    reply_text(reply, 200, "text/html; charset=utf-8", t.data);
}

static const char *authorize_mistake(const struct request *req)
{
    const char *type = request_query(req, "response_type");
    const char *client = request_query(req, "client_id");
    const char *redirect = request_query(req, "redirect_uri");
    const char *challenge = request_query(req, "code_challenge");
    const char *method = request_query(req, "code_challenge_method");
    const char *scope = request_query(req, "scope");
    if (!client || strcmp(client, CLIENT_ID) != 0)
        return "unknown client_id";
    if (!type || strcmp(type, "code") != 0)
        return "response_type must be code";
    if (!redirect || strlen(redirect) >= sizeof((struct token *)0)->redirect_uri ||
        (strncmp(redirect, "http://127.0.0.1", 16) != 0 &&
         strncmp(redirect, "http://localhost", 16) != 0))
        return "redirect_uri must point to loopback";
    if (!scope || !strstr(scope, "openid"))
        return "scope must hold openid";
    if (challenge && (!method || strcmp(method, "S256") != 0))
        return "code_challenge_method must be S256";
    if (challenge && strlen(challenge) != CHALLENGE_BYTES)
        return "code_challenge has the wrong length";
    return NULL;
}

// Back to the application with a code, or with what a person who says no gives.
static void send_back(const struct request *req, const char *code, struct reply *reply)
{
    const char *redirect = request_query(req, "redirect_uri");
    const char *state = request_query(req, "state");
    struct text t = {.bytes = 0};
    add_raw(&t, redirect);
    add_raw(&t, strchr(redirect, '?') ? "&" : "?");
    add_raw(&t, code ? "code=" : "error=access_denied&error_description=The+user+said+no");
    add_raw(&t, code ? code : "");
    if (state) {
        add_raw(&t, "&state=");
        add(&t, state, true);
    }
    reply_header(reply, "Location", t.data);
    reply_text(reply, 302, "text/plain; charset=utf-8", "");
}

static int authorize(struct books *b, const struct request *req, struct reply *reply)
{
    reply->operation = "authorize";
    const char *mistake = authorize_mistake(req);
    if (mistake) {
        reply_text(reply, 400, "text/plain; charset=utf-8", mistake);
        return 0;
    }
    const char *automatic = request_query(req, "auto");
    if (!automatic) {
        consent_page(req, reply);
        return 0;
    }
    if (strcmp(automatic, "1") != 0) {
        send_back(req, NULL, reply);
        return 0;
    }
    struct token *code = books_token_new(b, TOKEN_CODE, CODE_LIFETIME_S);
    if (!code)
        return -1;
    const char *challenge = request_query(req, "code_challenge");
    snprintf(code->challenge, sizeof code->challenge, "%s", challenge ? challenge : "");
    snprintf(code->redirect_uri, sizeof code->redirect_uri, "%s",
             request_query(req, "redirect_uri"));
    send_back(req, code->text, reply);
    return 0;
}

// ---- Token --------------------------------------------------------------------------------------

static int refuse(struct reply *reply, int status, const char *error)
{
    return answer_json(reply, status, json_pack("{s:s}", "error", error));
}

static bool verifier_fits(const struct token *code, const char *verifier)
{
    if (!code->challenge[0])
        return !verifier;
    size_t n = verifier ? strlen(verifier) : 0;
    if (n < 43 || n > 128)
        return false;
    unsigned char digest[crypto_hash_sha256_BYTES];
    char text[64];
    crypto_hash_sha256(digest, (const unsigned char *)verifier, n);
    sodium_bin2base64(text, sizeof text, digest, sizeof digest,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return strcmp(text, code->challenge) == 0;
}

static int issue(struct books *b, struct reply *reply)
{
    char access_text[TOKEN_BYTES];
    struct token *access = books_token_new(b, TOKEN_ACCESS, b->token_lifetime_s);
    if (!access)
        return -1;
    snprintf(access_text, sizeof access_text, "%s", access->text);
    struct token *refresh = books_token_new(b, TOKEN_REFRESH, REFRESH_LIFETIME_S);
    if (!refresh)
        return -1;
    reply_header(reply, "Cache-Control", "no-store");
    return answer_json(reply, 200, json_pack("{s:s,s:I,s:s,s:s,s:s}", "access_token", access_text,
        "expires_in", (json_int_t)b->token_lifetime_s, "token_type", "Bearer", "refresh_token",
        refresh->text, "scope", "openid offline_access"));
}

static int token(struct books *b, const struct request *req, struct reply *reply)
{
    reply->operation = "token";
    const char *type = request_header(req, "Content-Type");
    if (!type || strncmp(type, "application/x-www-form-urlencoded", 33) != 0)
        return refuse(reply, 400, "invalid_request");
    char *client = form_value(req->body, "client_id");
    char *secret = form_value(req->body, "client_secret");
    char *grant = form_value(req->body, "grant_type");
    char *code = form_value(req->body, "code");
    char *redirect = form_value(req->body, "redirect_uri");
    char *verifier = form_value(req->body, "code_verifier");
    char *refresh = form_value(req->body, "refresh_token");
    int rc = 0;
    if (!client || strcmp(client, CLIENT_ID) != 0 || !secret ||
        strcmp(secret, CLIENT_SECRET) != 0) {
        rc = refuse(reply, 401, "invalid_client");
    } else if (grant && strcmp(grant, "authorization_code") == 0) {
        struct token *t = code ? books_token(b, TOKEN_CODE, code) : NULL;
        bool good =
            t && redirect && strcmp(redirect, t->redirect_uri) == 0 && verifier_fits(t, verifier);
        if (t)
            books_token_drop(b, t); // a code works once, also when it was used wrongly
        rc = good ? issue(b, reply) : refuse(reply, 400, "invalid_grant");
    } else if (grant && strcmp(grant, "refresh_token") == 0) {
        struct token *t = refresh ? books_token(b, TOKEN_REFRESH, refresh) : NULL;
        if (t)
            books_token_drop(b, t);
        rc = t ? issue(b, reply) : refuse(reply, 400, "invalid_grant");
    } else {
        rc = refuse(reply, 400, "unsupported_grant_type");
    }
    free(client);
    free(secret);
    free(grant);
    free(code);
    free(redirect);
    free(verifier);
    free(refresh);
    return rc;
}

static int discovery(struct books *b, const struct request *req, struct reply *reply)
{
    char base[256], authorize_url[320], token_url[320];
    reply->operation = "discovery";
    call_base_url(b, req, base, sizeof base);
    snprintf(authorize_url, sizeof authorize_url, "%s/connect/authorize", base);
    snprintf(token_url, sizeof token_url, "%s/connect/token", base);
    return answer_json(reply, 200, json_pack("{s:s,s:s,s:s,s:[s,s],s:[s,s],s:[s],s:[s]}",
        "issuer", base, "authorization_endpoint", authorize_url, "token_endpoint", token_url,
        "scopes_supported", "openid", "offline_access",
        "grant_types_supported", "authorization_code", "refresh_token",
        "token_endpoint_auth_methods_supported", "client_secret_post",
        "code_challenge_methods_supported", "S256"));
}

int identity_handle(struct books *b, const struct request *req, struct reply *reply)
{
    bool get = strcmp(req->method, "GET") == 0, post = strcmp(req->method, "POST") == 0;
    if (get && strcmp(req->path, "/connect/authorize") == 0)
        return authorize(b, req, reply);
    if (post && strcmp(req->path, "/connect/token") == 0)
        return token(b, req, reply);
    if (get && strcmp(req->path, "/.well-known/openid-configuration") == 0)
        return discovery(b, req, reply);
    return 1;
}

bool identity_check(struct books *b, const struct request *req, struct reply *reply)
{
    const char *auth = request_header(req, "Authorization");
    if (auth && strncmp(auth, "Bearer ", 7) == 0 && books_token(b, TOKEN_ACCESS, auth + 7))
        return true;
    reply_header(reply, "WWW-Authenticate", "Bearer error=\"invalid_token\"");
    answer_problem(req, reply, 401, "The access token is missing, unknown or expired.",
                   "Het toegangstoken ontbreekt, is onbekend of is verlopen.", NULL);
    return false;
}
