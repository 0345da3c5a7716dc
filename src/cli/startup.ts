import { config } from 'zod';

// Imported first: the answers are read once in a process, and compiling validators for them takes longer than it saves.
config({ jitless: true });
