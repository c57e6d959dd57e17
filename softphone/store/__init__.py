"""The only room that contains SQL: two engines behind one small interface, then typed functions per table."""
