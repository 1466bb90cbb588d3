/* What any program costs here before it does something. */
int main(void) { return 0; }
