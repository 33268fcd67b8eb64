#include "verdict/testimony.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "witness/table.h"

int testimony_origin(const struct witness *witness, kernel_version version, const char *call)
{
	int refusal = -1;

	for (unsigned i = 0; i < witness->chain_count; i++) {
		const struct witness_return *returned = &witness->chain[i];

		if (witness_is_predicate(returned)) {
			refusal = (int)i;
			continue;
		}
		return refusal >= 0 && witness_site_asks(version, call, returned->function) ? refusal : (int)i;
	}
	return refusal;
}

static void say(struct verdict *verdict, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct verdict *verdict, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(verdict->witness_problem, sizeof(verdict->witness_problem), format, arguments);
	va_end(arguments);
}

/* Why what was seen is no testimony on this refusal; false when it is. */
static bool is_void(const struct witness *witness, const struct observation *observation, struct verdict *verdict)
{
	const struct traced *traced = &observation->traced;

	if (!observation->has_refusal || !(traced->asked || witness->problem[0]))
		return true;
	if (witness->problem[0])
		say(verdict, "%s", witness->problem);
	else if (traced->error)
		say(verdict, "the refused request could not be traced: %s", err_name(traced->error));
	else if (!traced->refused)
		say(verdict, "the request was accepted when it was traced");
	else if (traced->more)
		say(verdict, "the refusal had moved by %" PRIu64 " when it was traced", traced->more);
	return verdict->witness_problem[0] != '\0';
}

/* The first function of those that stand for the check that was traced; NULL: none was. */
static const char *expected_function(const struct witness *witness, kernel_version version, const char *call,
				     const char *check)
{
	for (unsigned i = 0; i < witness->probed_count; i++) {
		if (witness_site_of(version, call, witness->probed[i], check))
			return witness->probed[i];
	}
	return NULL;
}

static void judge_silence(const struct witness *witness, kernel_version version, const char *call, const char *check,
			  struct verdict *verdict)
{
	const struct witness_site *unseen = witness_site_of(version, call, NULL, check);
	const char *expected = expected_function(witness, version, call, check);

	if (unseen) {
		say(verdict, "%s", unseen->how);
	} else if (!witness->error) {
		say(verdict, "no system call was seen to be refused");
	} else if (expected) {
		verdict->witness = DISAGREES;
		say(verdict, "the model says %s, but %s returned no error", check, expected);
	} else {
		say(verdict, "no function that can be traced on this kernel returned an error");
	}
}

static void judge_function(const struct witness_return *returned, kernel_version version, const char *call,
			   const char *check, struct verdict *verdict)
{
	const struct witness_site *site = witness_site_of(version, call, returned->function, check);
	const char *others = witness_checks_of(version, call, returned->function);

	if (site) {
		verdict->witness = AGREES;
		verdict->witness_how = site->how;
		return;
	}
	verdict->witness = DISAGREES;
	say(verdict, "the kernel's witness is %s (%s%s), the model says %s", returned->function,
	    *others ? "of " : "of no check that is known", others, check);
}

static void judge(const struct witness *witness, kernel_version version, const struct observation *observation,
		  struct verdict *verdict)
{
	const struct check *cause = verdict->cause ? verdict->cause : verdict->prediction.check;
	const char *call = observation->refusal.call;
	const char *check = cause ? cause->name : "no known check";

	verdict->witness_origin = testimony_origin(witness, version, call);
	if (witness->error && witness->error != observation->refusal.kernel_errno) {
		verdict->witness = DISAGREES;
		say(verdict, "the call returned %s when it was traced", err_name(witness->error));
	} else if (verdict->witness_origin < 0) {
		judge_silence(witness, version, call, check, verdict);
	} else {
		judge_function(&witness->chain[verdict->witness_origin], version, call, check, verdict);
	}
}

void testimony_judge(const struct witness *witness, kernel_version version, const struct observation *observation,
		     struct verdict *verdict)
{
	verdict->witness = ABSENT;
	verdict->witness_origin = -1;
	if (is_void(witness, observation, verdict))
		return;
	judge(witness, version, observation, verdict);
	if (verdict->witness != DISAGREES || verdict->word != VERDICT_EXACT)
		return;
	verdict->word = VERDICT_OFF;
	verdict->expected = false;
	snprintf(verdict->reason, sizeof(verdict->reason), "%s", verdict->witness_problem);
}
