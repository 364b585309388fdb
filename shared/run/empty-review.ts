import type { Review } from './facts.js';

export const emptyReview: Review = {
  rootCause: '',
  nextSteps: '',
  reviewDate: '',
  issues: '',
  improvements: '',
  participants: '',
  dataLoss: '',
};
