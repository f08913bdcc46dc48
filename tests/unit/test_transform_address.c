/* SPDX-License-Identifier: MIT
 * Address lines: real forms, and that no line loses a character on the way there and back. */
#include "transform_fixture.h"

static const struct transform_case cases[] = {
    {"address.split", "'2e Straat 59'", "{'street': '2e Straat', 'number': '59'}", NULL},
    {"address.split", "'Plein 1944 nr 3-hs'",
     "{'street': 'Plein 1944', 'between': ' nr ', 'number': '3', 'suffix': '-hs'}", NULL},
    {"address.split", "'Plein 1944 12'", "{'street': 'Plein 1944', 'number': '12'}", NULL},
    {"address.split", "'Plein 1944'", "{'street': 'Plein 1944', 'whole': true}", NULL},
    {"address.split", "'Plein 40-45 12'", "{'street': 'Plein 40-45', 'number': '12'}", NULL},
    {"address.split", "'Laan 1940-1945 7'", "{'street': 'Laan 1940-1945', 'number': '7'}", NULL},
    {"address.split", "'\\u2019s-Gravenweg 12 A bis'",
     "{'street': '\\u2019s-Gravenweg', 'number': '12', 'suffix': ' A bis'}", NULL},
    {"address.split", "'Laan van Meerdervoort 70-B III'",
     "{'street': 'Laan van Meerdervoort', 'number': '70', 'suffix': '-B III'}", NULL},
    {"address.split", "'1e van der Helststraat 12-2'",
     "{'street': '1e van der Helststraat', 'number': '12', 'suffix': '-2'}", NULL},
    {"address.split", "'Keizersgracht 12 2e verdieping'",
     "{'street': 'Keizersgracht', 'number': '12', 'suffix': ' 2e verdieping'}", NULL},
    {"address.split", "'18 Septemberplein 4'", "{'street': '18 Septemberplein', 'number': '4'}",
     NULL},
    {"address.split", "'18 Septemberplein'", "{'street': '18 Septemberplein', 'whole': true}",
     NULL},
    {"address.split", "'Dorpsstraat12a'",
     "{'street': 'Dorpsstraat', 'between': '', 'number': '12', 'suffix': 'a'}", NULL},
    {"address.split", "'Postbus 123'", "{'street': 'Postbus', 'number': '123'}", NULL},
    {"address.split", "'  Dorps\\u00a0 straat  12 '",
     "{'street': 'Dorps straat', 'number': '12'}", NULL},
    {"address.split", "'Dorpsstraat 12, 1234 AB Utrecht'",
     "{'street': 'Dorpsstraat 12, 1234 AB Utrecht', 'whole': true}", NULL},
    {"address.split", "'12'", "{'street': '12', 'whole': true}", NULL},
    {"address.split:DE", "'Kaiserstr. 12a'",
     "{'street': 'Kaiserstr.', 'number': '12', 'suffix': 'a'}", NULL},
    {"address.split:DE", "'Hauptstr.5'", "{'street': 'Hauptstr.', 'between': '', 'number': '5'}",
     NULL},
    {"address.split:DE", "'Straße des 17. Juni 135'",
     "{'street': 'Straße des 17. Juni', 'number': '135'}", NULL},
    {"address.split:DE", "'Straße 12 Nr. 14'",
     "{'street': 'Straße 12', 'between': ' Nr. ', 'number': '14'}", NULL},
    {"address.split:DE", "'C 5, 13'", "{'street': 'C 5', 'between': ', ', 'number': '13'}", NULL},
    {"address.split:DE", "'Am Hof 3/4 Hinterhaus'",
     "{'street': 'Am Hof', 'number': '3', 'suffix': '/4 Hinterhaus'}", NULL},
    {"address.split:AT", "'Mariahilfer Straße 45 / Stiege 2 / Top 7'",
     "{'street': 'Mariahilfer Straße', 'number': '45', 'suffix': ' / Stiege 2 / Top 7'}", NULL},
    {"address.split:BE", "'Rue de la Loi 16 bte 3'",
     "{'street': 'Rue de la Loi', 'number': '16', 'suffix': ' bte 3'}", NULL},
    {"address.split:BE", "'16, rue de la Loi'",
     "{'street': 'rue de la Loi', 'between': ', ', 'number': '16', 'number_first': true}", NULL},
    {"address.split:BE", "'11 Novemberlaan'", "{'street': '11 Novemberlaan', 'whole': true}",
     NULL},
    {"address.split:BE", "'Bus 4'", "{'street': 'Bus 4', 'whole': true}", NULL},
    {"address.split", "'FR|12 bis rue du 8 Mai 1945'",
     "{'street': 'rue du 8 Mai 1945', 'number': '12', 'suffix': ' bis', 'number_first': true}",
     NULL},
    {"address.split", "'Verenigd Koninkrijk|221B Baker Street'",
     "{'street': 'Baker Street', 'number': '221', 'suffix': 'B', 'number_first': true}", NULL},
    {"address.split", "'US|5th Avenue'", "{'street': '5th Avenue', 'whole': true}", NULL},
    {"address.split", "'Atlantis|Weg 1'", NULL, "unknown country \"Atlantis\""},
    {"address.split:XX", "'Weg 1'", NULL, "unknown country \"XX\""},
    {"address.box:BE", "'Wetstraat 16 bus 0301'", "'0301'", NULL},
    {"address.box:BE", "'Wetstraat 16'", "null", NULL},
    {"address.join", "{'street': 'Weg', 'number': 12, 'suffix': '3'}", "'Weg 12 3'", NULL},
    {"address.join", "{'street': 'Weg', 'number': '12', 'suffix': 'a'}", "'Weg 12a'", NULL},
    {"address.join", "{'street': 'Weg', 'number': null}", "'Weg'", NULL},
    {"address.join", "{'number': '12'}", "'12'", NULL},
    {"address.join", "{'city': 'Ede'}", "null", NULL},
    {"address.join", "{'street': ['Weg']}", NULL, "are texts"},
    {"address.join", "'Weg 1'", NULL, "the value is no object"},
    {"address.postcode", "'1234ab'", "'1234 AB'", NULL},
    {"address.postcode", "'NL-1234  AB'", "'1234 AB'", NULL},
    {"address.postcode", "'0234 AB'", NULL, "no postcode of NL, which looks like 9999 AA"},
    {"address.postcode", "'1234 SS'", NULL, "no postcode of NL"},
    {"address.postcode", "'1234 A'", NULL, "no postcode of NL"},
    {"address.postcode", "'1234 ABC'", NULL, "no postcode of NL"},
    {"address.postcode:DE", "'D-10117'", "'10117'", NULL},
    {"address.postcode:DE", "'00117'", NULL, "no postcode of DE"},
    {"address.postcode:GB", "'sw1a1aa'", "'SW1A 1AA'", NULL},
    {"address.postcode:GB", "'m11ae'", "'M1 1AE'", NULL},
    {"address.postcode:IE", "'d6w xy45'", "'D6W XY45'", NULL},
    {"address.postcode:LT", "'01100'", "'LT-01100'", NULL},
    {"address.postcode:LV", "'lv-1010'", "'LV-1010'", NULL},
    {"address.postcode:AD", "'AD500'", "'AD500'", NULL},
    {"address.postcode:PT", "'1000205'", "'1000-205'", NULL},
    {"address.postcode:US", "'20500-0003'", "'20500-0003'", NULL},
    {"address.postcode:BO", "' any thing '", "'any thing'", NULL},
    {"address.postcode", "'BE|1040'", "'1040'", NULL},
    {"address.postcode", "' '", "null", NULL},
    {"address.postcode", "1234", NULL, "no text"},
};

START_TEST(known_lines)
{
    transform_expect(&cases[_i]);
}
END_TEST

/* ---- there and back ---- */

static const char *one_of(const char *const *list, size_t count)
{
    return list[transform_random((uint32_t)count)];
}

#define ANY(list) one_of(list, sizeof(list) / sizeof(list)[0])

/* The line that join makes of what split gives. */
static void expect_same(const char *country, const char *line, json_t **parts)
{
    struct koppel_error err = {0};
    json_t *args = json_pack("[s]", country);
    *parts = transform_call("address.split", args, json_string(line), &err);
    ck_assert_msg(*parts != NULL, "%s: %s", line, err.text);
    json_t *back = transform_call("address.join", NULL, json_deep_copy(*parts), &err);
    ck_assert_msg(back != NULL, "%s: %s", line, err.text);
    ck_assert_str_eq(json_string_value(back), line);
    json_decref(back);
    json_decref(args);
}

static void expect_member(const json_t *parts, const char *name, const char *want, const char *line)
{
    const char *have = json_string_value(json_object_get(parts, name));
    ck_assert_msg(strcmp(have ? have : "", want) == 0, "%s of \"%s\" is \"%s\", not \"%s\"", name,
                  line, have ? have : "", want);
}

/* Lines of which it is known what belongs where. */
START_TEST(made_lines)
{
    static const char *const countries[] = {"NL", "BE", "DE", "AT"};
    static const char *const streets[] = {
        "Dorpsstraat", "2e Straat", "Plein 1944", "'s-Gravenweg", "Laan van Meerdervoort",
        "Rue de la Loi", "Straße des 17. Juni", "Kaiserstr.", "1e van der Helststraat",
        "Jan Pieter Heijestraat", "Avenue de l'Été", "Plein '40-'45", "K. Ledeganckstraat",
        "Oude Gracht (Oost)", "Łódzka", "18 Septemberplein", "Unter den Linden", "Route de Mons"};
    static const char *const between[] = {" ", " ", " ", ", ", " nr ", " nr. ", " Nr. ", " n° "};
    static const char *const suffixes[] = {
        "", "", "", "a", "A", "-hs", " bis", " A bis", "-B III", " bus 4", " bte 3", "-2", " hs",
        "/4", "-14", " II", "bis", " 3 hoog", " 2e verdieping", "-A12", " Hinterhaus", ".1",
        " t/o 5", " / Stiege 2 / Top 7", " (links)"};
    transform_seed();
    for (int i = 0; i < 20000; i++) {
        char line[256], number[8];
        const char *street = ANY(streets), *gap = ANY(between), *suffix = ANY(suffixes);
        json_t *parts;
        snprintf(number, sizeof number, "%u", 1 + transform_random(999));
        snprintf(line, sizeof line, "%s%s%s%s", street, gap, number, suffix);
        expect_same(ANY(countries), line, &parts);
        expect_member(parts, "street", street, line);
        expect_member(parts, "number", number, line);
        expect_member(parts, "suffix", suffix, line);
        json_decref(parts);
    }
}
END_TEST

/* Lines that make no sense: nothing is lost of them either. */
START_TEST(any_lines)
{
    static const char *const countries[] = {"NL", "BE", "DE", "FR", "GB", "US"};
    static const char *const pieces[] = {
        "1", "12", "1944", "99999", "123456", "a", "A", "B", "bis", "nr", "n°", "bus", "bte", "str",
        "Straat", "weg", "é", "ß", "\U0001f600", ",", ".", "-", "/", " ", " ", " ", "(", ")", "'",
        "#", "&", "Mai", "e", "th", "III", "van de"};
    transform_seed();
    for (int i = 0; i < 20000; i++) {
        char line[256] = "x";
        json_t *parts;
        for (uint32_t k = 1 + transform_random(10); k > 0; k--) {
            const char *piece = ANY(pieces);
            if (*piece == ' ' && line[strlen(line) - 1] == ' ')
                continue;
            strcat(line, piece);
        }
        strcat(line, "x");
        expect_same(ANY(countries), transform_random(2) ? line : line + 1 + (line[1] == ' '),
                    &parts);
        json_decref(parts);
    }
}
END_TEST

UNIT_MAIN("transform_address")
{
    tcase_add_checked_fixture(t, transform_setup, transform_teardown);
    tcase_set_timeout(t, 60);
    LOOP(known_lines, cases);
    tcase_add_test(t, made_lines);
    tcase_add_test(t, any_lines);
}
