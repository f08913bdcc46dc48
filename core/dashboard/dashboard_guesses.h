/* SPDX-License-Identifier: MIT
 * Wrong passwords, whoever's they were: many of them are an alert ("login.guessing"). */
#ifndef KOPPEL_DASHBOARD_DASHBOARD_GUESSES_H
#define KOPPEL_DASHBOARD_DASHBOARD_GUESSES_H

#include "store/store.h"

struct dashboard_guesses;

/* The store outlives it. NULL: no memory. */
struct dashboard_guesses *dashboard_guesses_new(struct store *s);
void dashboard_guesses_free(struct dashboard_guesses *g); /* takes NULL */
/* One more, now. From any thread. */
void dashboard_guesses_note(struct dashboard_guesses *g);
/* Tells the alerts how many there were in the last hour; now and then. */
void dashboard_guesses_look(struct dashboard_guesses *g);

#endif
