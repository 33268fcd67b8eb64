/* Prints the scenario's declaration as one JSON object; results/README.md documents it. */
#ifndef ENOMEM_SCENARIOS_DESCRIBE_H
#define ENOMEM_SCENARIOS_DESCRIBE_H

/* To stdout; 0, or -EIO when it could not be written. */
int describe(const char *name);

#endif
