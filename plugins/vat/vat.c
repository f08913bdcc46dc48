/* SPDX-License-Identifier: MIT
 * Country names to codes, and the form of VAT numbers. Nothing in, nothing out. */
#include <jansson.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "koppel/sdk.h"
#include "vat_catalogue.h"

enum function { COUNTRY, VALID_NUMBER, FUNCTIONS };

#define MAX_NAME_BYTES 64
#define MAX_NAMES 9

/* Names in lower case. */
static const struct country {
    const char *code;
    const char *names[MAX_NAMES]; /* the rest is NULL */
} countries[] = {
    {"AT", {"aut", "oostenrijk", "austria", "österreich", "oesterreich"}},
    {"BE", {"bel", "belgië", "belgie", "belgium", "belgique", "belgien"}},
    {"BG", {"bgr", "bulgarije", "bulgaria", "българия"}},
    {"CH", {"che", "zwitserland", "switzerland", "schweiz", "suisse", "svizzera"}},
    {"CY", {"cyp", "cyprus", "κύπρος", "kypros"}},
    {"CZ", {"cze", "tsjechië", "tsjechie", "czechia", "czech republic", "česko",
            "česká republika"}},
    {"DE", {"deu", "duitsland", "germany", "deutschland"}},
    {"DK", {"dnk", "denemarken", "denmark", "danmark"}},
    {"EE", {"est", "estland", "estonia", "eesti"}},
    {"ES", {"esp", "spanje", "spain", "españa", "espana"}},
    {"FI", {"fin", "finland", "suomi"}},
    {"FR", {"fra", "frankrijk", "france"}},
    {"GB", {"gbr", "uk", "verenigd koninkrijk", "united kingdom", "great britain",
            "groot-brittannië", "groot-brittannie", "engeland", "england"}},
    {"GR", {"grc", "el", "griekenland", "greece", "ελλάδα", "ellada", "hellas"}},
    {"HR", {"hrv", "kroatië", "kroatie", "croatia", "hrvatska"}},
    {"HU", {"hun", "hongarije", "hungary", "magyarország", "magyarorszag"}},
    {"IE", {"irl", "ierland", "ireland", "éire", "eire"}},
    {"IT", {"ita", "italië", "italie", "italy", "italia"}},
    {"LT", {"ltu", "litouwen", "lithuania", "lietuva"}},
    {"LU", {"lux", "luxemburg", "luxembourg", "lëtzebuerg"}},
    {"LV", {"lva", "letland", "latvia", "latvija"}},
    {"MT", {"mlt", "malta"}},
    {"NL", {"nld", "nederland", "netherlands", "the netherlands", "holland"}},
    {"NO", {"nor", "noorwegen", "norway", "norge", "noreg"}},
    {"PL", {"pol", "polen", "poland", "polska"}},
    {"PT", {"prt", "portugal"}},
    {"RO", {"rou", "roemenië", "roemenie", "romania", "românia"}},
    {"SE", {"swe", "zweden", "sweden", "sverige"}},
    {"SI", {"svn", "slovenië", "slovenie", "slovenia", "slovenija"}},
    {"SK", {"svk", "slowakije", "slovakia", "slovensko"}},
    {"US", {"usa", "verenigde staten", "united states", "united states of america",
            "verenigde staten van amerika", "amerika"}},
};

/* What follows the prefix: # a digit, @ a letter, ? either, anything else itself; | separates. */
static const struct form {
    const char *prefix, *form;
} forms[] = {
    {"AT", "U########"},
    {"BE", "0#########|1#########"},
    {"BG", "#########|##########"},
    {"CY", "########@"},
    {"CZ", "########|#########|##########"},
    {"DE", "#########"},
    {"DK", "########"},
    {"EE", "#########"},
    {"EL", "#########"},
    {"ES", "?#######?"},
    {"FI", "########"},
    {"FR", "??#########"},
    {"HR", "###########"},
    {"HU", "########"},
    {"IE", "#?#####@|#######@@"},
    {"IT", "###########"},
    {"LT", "#########|############"},
    {"LU", "########"},
    {"LV", "###########"},
    {"MT", "########"},
    {"NL", "#########B##"},
    {"PL", "##########"},
    {"PT", "#########"},
    {"RO", "##|###|####|#####|######|#######|########|#########|##########"},
    {"SE", "############"},
    {"SI", "########"},
    {"SK", "##########"},
    {"XI", "#########|############|GD###|HA###"},
};

/* Trims and lowers Latin letters up to U+00DE and the C of Czechia; each keeps its length. */
static bool normal_name(const char *text, char out[MAX_NAME_BYTES])
{
    size_t n;

    text += strspn(text, " \t\r\n");
    n = strlen(text);
    while (n > 0 && strchr(" \t\r\n", text[n - 1]))
        n--;
    if (n >= MAX_NAME_BYTES)
        return false;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i], before = i ? (unsigned char)text[i - 1] : 0;

        if ((c >= 'A' && c <= 'Z') || (before == 0xC3 && c >= 0x80 && c <= 0x9E && c != 0x97))
            c += 0x20;
        else if (before == 0xC4 && c == 0x8C)
            c++;
        out[i] = (char)c;
    }
    out[n] = '\0';
    return true;
}

static const char *find_country(const char *name)
{
    for (size_t i = 0; i < sizeof countries / sizeof countries[0]; i++) {
        if (strcasecmp(countries[i].code, name) == 0)
            return countries[i].code;
        for (int k = 0; k < MAX_NAMES && countries[i].names[k]; k++)
            if (strcmp(countries[i].names[k], name) == 0)
                return countries[i].code;
    }
    return NULL;
}

static int country(const struct koppel_call *c, json_t **out)
{
    char name[MAX_NAME_BYTES];
    const char *code = NULL;

    if (normal_name(c->text, name)) {
        if (!*name)
            return koppel_call_give(c, json_null(), out);
        code = find_country(name);
    }
    if (!code)
        return c->host->fail(c->err, KOPPEL_E_REJECTED,
                             "unknown country \"%s\": give its two-letter code", c->text);
    return koppel_call_give(c, json_string(code), out);
}

static bool letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool fits(char form, char c)
{
    switch (form) {
    case '#': return digit(c);
    case '@': return letter(c);
    case '?': return digit(c) || letter(c);
    default: return form == c;
    }
}

static bool matches(const char *form, const char *number)
{
    while (*form) {
        size_t n = strcspn(form, "|"), i = 0;

        while (i < n && fits(form[i], number[i]))
            i++;
        if (i == n && !number[n])
            return true;
        form += n + (form[n] == '|');
    }
    return false;
}

/* Without blanks, dots and dashes, in capitals. */
static bool normal_number(const char *text, char *out, size_t room)
{
    size_t n = 0;

    for (; *text; text++) {
        if (strchr(" .-\t\r\n", *text))
            continue;
        if (n + 1 == room)
            return false;
        out[n++] = *text >= 'a' && *text <= 'z' ? (char)(*text - 0x20) : *text;
    }
    out[n] = '\0';
    return true;
}

static int valid_number(const struct koppel_call *c, json_t **out)
{
    char number[20];

    if (!normal_number(c->text, number, sizeof number))
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "\"%s\" is too long for a VAT number",
                             c->text);
    if (!*number)
        return koppel_call_give(c, json_null(), out);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (strncmp(forms[i].prefix, number, 2) != 0)
            continue;
        if (!matches(forms[i].form, number + 2))
            return c->host->fail(c->err, KOPPEL_E_REJECTED,
                                 "\"%s\" has not the form of a VAT number of %s", c->text,
                                 forms[i].prefix);
        return koppel_call_give(c, json_string(number), out);
    }
    return c->host->fail(c->err, KOPPEL_E_REJECTED,
                         "\"%s\" does not begin with the country of an EU VAT number", c->text);
}

static int apply(const struct koppel_call *c, json_t **out)
{
    if (!c->value)
        return koppel_call_give(c, json_null(), out);
    if (!c->text)
        return c->host->fail(c->err, KOPPEL_E_REJECTED, "the value is no text");
    return c->function == COUNTRY ? country(c, out) : valid_number(c, out);
}

KOPPEL_REGISTER_TRANSFORM("vat", "0.1.0", catalogue_text, FUNCTIONS, apply);
