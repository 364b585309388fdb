import { readCompiledProgram } from '../storage/compiled-program.js';

readCompiledProgram();
// Imported only now, or there would be nothing left to keep.
void import('./main.js');
