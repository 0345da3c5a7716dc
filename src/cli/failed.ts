export { Failed } from '../operations/failed';
