/* SPDX-License-Identifier: MIT
 * The table of words. */
#include "base/words.h"

#include <stddef.h>
#include <string.h>

enum language { ENGLISH, DUTCH, GERMAN, LANGUAGES };

static const struct {
    const char *name;
    const char *texts[LANGUAGES];
} words[] = {
    {"discount", {"Discount", "Korting", "Rabatt"}},
    {"rounding", {"Rounding", "Afronding", "Rundung"}},
    {"vat", {"VAT", "Btw", "MwSt."}},
    {"credit_of", {"Credit of", "Credit van", "Gutschrift zu"}},
    {"correction_of", {"Correction of", "Correctie van", "Korrektur zu"}},
    {"quote", {"Quote", "Offerte", "Angebot"}},
    {"shipping", {"Shipping", "Verzending", "Versand"}},
    {"deposit", {"Deposit", "Statiegeld", "Pfand"}},
    {"gift_card", {"Gift card", "Cadeaukaart", "Gutschein"}},
    {"cash_difference", {"Cash difference", "Kasverschil", "Kassendifferenz"}},
    {"day_total", {"Day total", "Dagtotaal", "Tagesabschluss"}},
};

const char *words_find(const char *language, const char *word)
{
    enum language in = ENGLISH;
    if (language && strcmp(language, "nl") == 0)
        in = DUTCH;
    else if (language && strcmp(language, "de") == 0)
        in = GERMAN;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].name, word) == 0)
            return words[i].texts[in];
    }
    return NULL;
}

const char *words_name(int index)
{
    size_t count = sizeof words / sizeof words[0];
    return index >= 0 && (size_t)index < count ? words[index].name : NULL;
}
