#include "report/lesson.h"

#include <string.h>

#include "report/text.h"
#include "report/wrap.h"

static void print_check(FILE *stream, const struct check *check, kernel_version version, bool refuses_here)
{
	const struct place *place = check_place(check, version);

	fprintf(stream, "  %s %-22s %s in %s", refuses_here ? "=>" : "  ", check->name, place->function, place->file);
	if (check->knob[0])
		fprintf(stream, ", moved by %s", check->knob);
	fputc('\n', stream);
	wrap_print(stream, "       ", "       ", check->rule);
}

static void print_checks(FILE *stream, const struct check *const *checks, const struct check *refusing,
                         kernel_version version)
{
	for (; checks && *checks; checks++) {
		if (check_holds(*checks, version))
			print_check(stream, *checks, version, *checks == refusing);
	}
}

/* The checks of every call that an operation makes, in the order in which the kernel makes them. */
static void print_rules(FILE *stream, const struct result *result, kernel_version version)
{
	const struct operation *operation = &result->cell->operation;
	const struct prediction *prediction = &result->verdict.prediction;

	for (unsigned i = 0; i < operation->count; i++) {
		enum request_call call = operation->requests[i].call;
		bool here = result->verdict.predicted && prediction->refused &&
		            strcmp(prediction->call, request_call_name(call)) == 0;

		fprintf(stream, "  %s:\n", request_call_name(call));
		print_checks(stream, checks_of(call), here ? prediction->check : NULL, version);
		print_checks(stream, split_checks_of(call), here ? prediction->check : NULL, version);
	}
}

void lesson_print(FILE *stream, const struct result *result)
{
	const struct scenario *scenario = result->cell->scenario;
	kernel_version version = kernel_version_parse(result->run->host.facts.kernel);
	char predicted[256];

	fprintf(stream, "%s: %s\n\nWhat happens\n", scenario->name, scenario->summary);
	wrap_print(stream, "  ", "  ", scenario->lesson);
	fprintf(stream, "\nThe kernel's checks, in its order (Linux %d.%d; => is the one that refuses here)\n", version / 1000,
	        version % 1000);
	print_rules(stream, result, version);
	fprintf(stream, "\nOn this host\n");
	if (result->verdict.predicted) {
		text_predicted_refusal(predicted, sizeof(predicted), result);
		fprintf(stream, "  %s\n", predicted);
		if (result->verdict.prediction.refused)
			fprintf(stream, "  because then %s\n", result->verdict.prediction.comparison.text);
	} else {
		fprintf(stream, "  no prediction: %s\n", result->verdict.reason);
	}
	fprintf(stream, "\nWhat to do\n");
	wrap_print(stream, "  ", "  ", scenario->fix);
	fprintf(stream, "\nSee it: enomem run %s\n", scenario->name);
}
